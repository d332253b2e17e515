import { openShop } from '../testing/shop';

const shop = openShop({ channel: 'wechatpay', preparesPurchase: false });

test('a sign-in that WeChat does not answer names WeChat, not the card platform', async () => {
  const { stack } = shop;
  const code = await stack.sandbox.loginCode('li');
  await stack.sandbox.faults({ wechatBusy: true });
  const answer = await stack.anyone.send('POST /sessions', { body: { code } });
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('5');
  expect(answer.body).toMatchObject({
    code: 'login.unavailable',
    title: '微信登录暂时无法使用',
  });
});
