import { createShingsouClient } from './testing/shingsou-client';
import { startSandbox, type TestSandbox } from './testing/start-sandbox';

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

test('the settings connect a BFF to this sandbox', async () => {
  const { body } = await sandbox.call('/sandbox/settings');
  expect(body).toEqual(sandbox.settings);
  expect(body).toMatchObject({
    SHINGSOU_IDS_URL: sandbox.url,
    SHINGSOU_API_URL: sandbox.url,
    DEMO_WECHAT_URL: sandbox.url,
    SHINGSOU_SCOPE: 'iot.cardservice.all iot.paymentservice.all',
    LOGIN: 'shingsou',
    PAYMENT: 'shingsou',
    CARDS: 'shingsou',
    WECHAT_APP_ID: expect.stringMatching(/^wx[0-9a-f]{16}$/) as string,
    WECHAT_API_URL: sandbox.url,
    WECHAT_APP_SECRET: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    WECHATPAY_URL: sandbox.url,
    WECHATPAY_MCH_ID: expect.stringMatching(/^16\d{8}$/) as string,
    WECHATPAY_SERIAL: expect.stringMatching(/^[0-9A-F]{40}$/) as string,
    WECHATPAY_PRIVATE_KEY: expect.stringContaining('-----BEGIN PRIVATE KEY-----') as string,
    WECHATPAY_API_V3_KEY: expect.stringMatching(/^.{32}$/) as string,
    WECHATPAY_PUBLIC_KEY: expect.stringContaining('-----BEGIN PUBLIC KEY-----') as string,
    WECHATPAY_PUBLIC_KEY_ID: expect.stringMatching(/^PUB_KEY_ID_\d{34}$/) as string,
  });
});

test('the ledger has what was paid and delivered, and nothing else', async () => {
  const shingsou = await createShingsouClient(sandbox);
  await shingsou.createPreparedOrder();
  const { outTradeNo, productId } = await shingsou.createPaidOrder();
  await sandbox.advanceClock(4);
  const { body } = await sandbox.call('/sandbox/ledger');
  expect(body).toEqual({
    payments: [
      {
        orderNumber: outTradeNo,
        amountFen: 990,
        state: 'paid',
        refundedFen: 0,
        refunds: [],
        channel: 'shingsou',
        transactionId: expect.stringMatching(/^42000\d{23}$/) as string,
        openid: shingsou.openid,
        paidAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/) as string,
      },
    ],
    deliveries: [
      {
        platform: 'shingsou',
        cardNumber: shingsou.firstCard.iccid,
        packageId: productId,
        at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/) as string,
        orderNumber: outTradeNo,
      },
    ],
  });
});

test('pages of any origin may call the controls, and only them', async () => {
  const init = {
    method: 'OPTIONS',
    headers: {
      origin: 'http://127.0.0.1:10086',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-demo',
    },
  };
  const preflight = await sandbox.call('/sandbox/wechat/login', init);
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type,x-demo');
  const refused = await sandbox.control('PUT', 'faults', { unknown: true });
  expect(refused.headers.get('access-control-allow-origin')).toBe('*');
  const gateway = await sandbox.call('/payment/Order');
  expect(gateway.headers.get('access-control-allow-origin')).toBeNull();
});

test('the clock answers in RFC 3339 and takes any offset', async () => {
  const later = new Date((await sandbox.now()) + 3_600_000);
  const local = `${new Date(later.getTime() + 8 * 3_600_000).toISOString().slice(0, -1)}+08:00`;
  const { status, body } = await sandbox.control('PUT', 'clock', { now: local });
  expect(status).toBe(200);
  expect(Date.parse((body as { now: string }).now) - later.getTime()).toBeLessThan(2000);
});

test.each([
  ['PUT', 'clock', { now: 'tomorrow' }],
  ['PUT', 'clock', { now: '2026-02-30T00:00:00Z' }],
  ['PUT', 'clock', { now: '9999-01-01T00:00:00Z' }],
  ['PUT', 'clock', {}],
  ['PUT', 'clock', '{"now":'],
  ['PUT', 'faults', '"text"'],
  ['POST', 'wechat/login', { user: '' }],
  ['POST', 'wechat/login', { user: 5 }],
  ['POST', 'wechat/login', '{"user"'],
  ['POST', 'wechat/cashier', ''],
] as const)('%s /sandbox/%s with %j is a 400 that says why', async (method, path, body) => {
  const answer = await sandbox.control(method, path, body);
  expect(answer).toMatchObject({
    status: 400,
    body: { status: 400, message: expect.stringMatching(/./) as string },
  });
});

test('an unknown path is a 404, a wrong method a 405', async () => {
  expect((await sandbox.call('/sandbox/nothing')).status).toBe(404);
  expect((await sandbox.call('/sandbox/ledger', { method: 'DELETE' })).status).toBe(405);
  expect((await sandbox.call('/%E0%A4%A')).status).toBe(404);
});
