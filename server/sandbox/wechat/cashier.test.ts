import {
  createShingsouClient,
  type PaymentRequest,
  type ShingsouClient,
} from '../testing/shingsou-client';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let shingsou: ShingsouClient;

beforeEach(async () => {
  sandbox = await startSandbox();
  shingsou = await createShingsouClient(sandbox);
});
afterEach(() => sandbox.close());

test('cancelling leaves the order unpaid, and it can be paid afterwards', async () => {
  const { outTradeNo, sheet } = await shingsou.createPreparedOrder();
  const { package: prepaid } = sheet;
  expect(await shingsou.submitCashier({ package: prepaid, action: 'cancel' })).toBe(
    'requestPayment:fail cancel',
  );
  expect(await shingsou.query(outTradeNo)).toMatchObject({ tradeState: 'NOTPAY' });
  expect(await shingsou.submitCashier({ package: prepaid, action: 'pay' })).toBe(
    'requestPayment:ok',
  );
});

test('an order is paid once, with any of its prepayments', async () => {
  const { orderNo } = await shingsou.register(await shingsou.newOrderRequest());
  const end = { timeExpire: '2099-01-01 00:00:00' };
  const [first, second] = [
    await sandbox.data<PaymentRequest>(shingsou.createPaymentRequest(orderNo, end)),
    await sandbox.data<PaymentRequest>(shingsou.createPaymentRequest(orderNo, end)),
  ];
  const pay = ({ package: prepaid }: PaymentRequest) =>
    shingsou.submitCashier({ package: prepaid, action: 'pay' });
  expect(await pay(first)).toBe('requestPayment:ok');
  expect(await pay(second)).toMatch(/^requestPayment:fail .*已支付/);
  const { body } = await sandbox.call('/sandbox/ledger');
  expect((body as { payments: object[] }).payments).toHaveLength(1);
});

test('a prepayment cannot be used after the order’s expiry', async () => {
  const { sheet } = await shingsou.createPreparedOrder();
  await sandbox.advanceClock(31 * 60);
  await expect(shingsou.submitCashier({ package: sheet.package, action: 'pay' })).resolves.toMatch(
    /^requestPayment:fail .*过期/,
  );
});

test('a prepayment lasts two hours at most', async () => {
  const { orderNo } = await shingsou.register(await shingsou.newOrderRequest());
  const { package: prepaid } = await sandbox.data<{ package: string }>(
    shingsou.createPaymentRequest(orderNo, { timeExpire: '2099-01-01 00:00:00' }),
  );
  await sandbox.advanceClock(2 * 3600 + 1);
  await expect(shingsou.submitCashier({ package: prepaid, action: 'pay' })).resolves.toMatch(
    /过期/,
  );
});

test('a made-up prepayment pays nothing', async () => {
  const request = { package: 'prepay_id=wx0', action: 'pay' };
  await expect(shingsou.submitCashier(request)).resolves.toMatch(/^requestPayment:fail .*无效/);
});

test('a signature that is given must be valid', async () => {
  const { sheet } = await shingsou.createPreparedOrder();
  const { appId: _mini, ...parameters } = sheet;
  const forged = { ...parameters, action: 'pay', paySign: '0'.repeat(32) };
  expect(await shingsou.submitCashier(forged)).toBe('requestPayment:fail 支付验证签名失败');
  const half = { package: sheet.package, action: 'pay', paySign: sheet.paySign };
  expect(await shingsou.submitCashier(half)).toBe('requestPayment:fail 支付验证签名失败');
  expect(await shingsou.submitCashier({ ...parameters, action: 'pay' })).toBe('requestPayment:ok');
});

test.each([
  ['no package', { action: 'pay' }],
  ['an unknown action', { package: 'prepay_id=wx0', action: 'steal' }],
  ['an unknown field', { package: 'prepay_id=wx0', action: 'pay', amount: 1 }],
])('a request with %s is a 400', async (_case, request) => {
  expect((await sandbox.control('POST', 'wechat/cashier', request)).status).toBe(400);
});
