import { createShingsouClient } from '../testing/shingsou-client';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';
import { html, json } from './html';

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const page = async () => String((await sandbox.call('/sandbox')).body);

test('the page shows the money, the order, its notifications and every card', async () => {
  const shingsou = await createShingsouClient(sandbox);
  const { outTradeNo } = await shingsou.createPaidOrder();
  await sandbox.advanceClock(4);
  const text = await page();
  for (const shown of ['9.90', outTradeNo, '已到账', '支付成功', '充值到账', '连接失败']) {
    expect(text).toContain(shown);
  }
  for (const { iccid } of await sandbox.cards()) expect(text).toContain(iccid);
});

test('values from merchants are escaped on the page', async () => {
  const shingsou = await createShingsouClient(
    sandbox,
    'http://127.0.0.1:9/<script>alert(1)</script>',
  );
  const order = { ...(await shingsou.newOrderRequest()), outTradeNo: 'ESCAPED-1' };
  const { orderNo } = await shingsou.register(order);
  const sheet = await sandbox.data<{ package: string }>(shingsou.createPaymentRequest(orderNo));
  await shingsou.submitCashier({ package: sheet.package, action: 'pay' });
  const text = await page();
  expect(text).not.toContain('<script>alert');
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

test('the page may run nothing but its own script', async () => {
  const { headers, body } = await sandbox.call('/sandbox');
  const policy = headers.get('content-security-policy') ?? '';
  const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none';
  expect(String(body)).toContain(`<script nonce="${nonce}">`);
  expect(policy).not.toContain('unsafe');
});

test('templates escape every value, in text and in attributes', () => {
  const value = `<b title="x">'&`;
  expect(html`<p title="${value}">${value}</p>`.markup).toBe(
    '<p title="&lt;b title=&quot;x&quot;&gt;&#39;&amp;">&lt;b title=&quot;x&quot;&gt;&#39;&amp;</p>',
  );
  expect(JSON.parse(json({ value: '</script>' }).markup)).toEqual({ value: '</script>' });
  expect(json('</script>').markup).not.toContain('<');
});
