import { beijingDateTime } from '@shared/beijing-time';
import {
  createShingsouClient,
  type ShingsouClient,
  type PaymentRequest,
} from '../testing/shingsou-client';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let shingsou: ShingsouClient;

beforeEach(async () => {
  sandbox = await startSandbox();
  shingsou = await createShingsouClient(sandbox);
});
afterEach(() => sandbox.close());

const register = (order: object) => sandbox.post('/payment/Payment', order);
const MINUTES = 60;

test('registering an order twice returns the same order', async () => {
  const order = await shingsou.newOrderRequest();
  const first = await shingsou.register(order);
  expect(first).toEqual({
    orderNo: expect.stringMatching(/^XY\d{22}$/) as string,
    outTradeNo: order.outTradeNo,
    totalAmount: order.totalAmount,
  });
  expect(await shingsou.register(order)).toEqual(first);
});

test.each([
  ['another start', { effective: 1 }],
  ['another notify address', { notifyUrl: 'http://127.0.0.1:10/other' }],
  ['another product', { productId: '110102', totalAmount: '19.00' }],
])('a number that was used for %s is refused', async (_case, change) => {
  const order = await shingsou.newOrderRequest({ productId: '110101' });
  await shingsou.register(order);
  const answer = register({ ...order, ...change });
  expect(await sandbox.errorOf(answer)).toEqual([422, 'INVALID_REQUEST']);
});

test.each([
  ['a price that is not the product’s', { totalAmount: '0.01' }, [422, 'UnprocessableEntity']],
  ['an amount that is no amount', { totalAmount: '9.9' }, [422, 'UnprocessableEntity']],
  ['a product of another carrier', { productId: '120101' }, [404, 'NotFound']],
  ['a product that does not exist', { productId: 'none' }, [404, 'NotFound']],
  ['a card that does not exist', { cardNo: '89860000000000000000' }, [404, 'NotFound']],
  ['an unknown start', { effective: 2 }, [422, 'UnprocessableEntity']],
  ['too short a number', { outTradeNo: 'A-123' }, [422, 'UnprocessableEntity']],
  ['too long a number', { outTradeNo: 'A'.repeat(33) }, [422, 'UnprocessableEntity']],
  ['a number with a space', { outTradeNo: 'ORDER 123456' }, [422, 'UnprocessableEntity']],
  ['no address to notify', { notifyUrl: 'not a url' }, [422, 'UnprocessableEntity']],
  ['an address that is a script', { notifyUrl: 'javascript:0' }, [422, 'UnprocessableEntity']],
])('an order with %s is refused', async (_case, change, refusal) => {
  const answer = register({ ...(await shingsou.newOrderRequest()), ...change });
  expect(await sandbox.errorOf(answer)).toEqual(refusal);
});

test('an add-on cannot wait for next month', async () => {
  const order = { ...(await shingsou.newOrderRequest({ productId: '110301' })), effective: 1 };
  expect(await sandbox.errorOf(register(order))).toEqual([422, 'UnprocessableEntity']);
});

test('an order number such as `constructor` is a number like any other', async () => {
  const order = { ...(await shingsou.newOrderRequest()), outTradeNo: '__proto__' };
  await shingsou.register(order);
  await expect(shingsou.query('__proto__')).resolves.toMatchObject({ tradeState: 'NOTPAY' });
  const unknown = sandbox.get('/payment/v2/WechatPay/Query', { outTradeNo: 'constructor' });
  expect(await sandbox.errorOf(unknown)).toEqual([422, 'ORDERNOTEXIST']);
});

test('payment parameters are signed as in API v2, and each prepayment is a new one', async () => {
  const { orderNo } = await shingsou.register(await shingsou.newOrderRequest());
  const timeExpire = beijingDateTime((await sandbox.now()) + 3_600_000);
  const requestPayment = () =>
    sandbox.data<PaymentRequest>(shingsou.createPaymentRequest(orderNo, { timeExpire }));
  const [first, second] = [await requestPayment(), await requestPayment()];
  expect(first).toEqual({
    appId: sandbox.settings.WECHAT_APP_ID,
    timeStamp: expect.stringMatching(/^\d{10}$/) as string,
    nonceStr: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    package: expect.stringMatching(/^prepay_id=wx[0-9a-f]{34}$/) as string,
    signType: 'MD5',
    paySign: expect.stringMatching(/^[0-9A-F]{32}$/) as string,
  });
  expect(second.package).not.toBe(first.package);
});

test.each([
  ['an unknown openid', { openId: 'o-nobody' }],
  ['an end that is over', { timeExpire: '2020-01-01 00:00:00' }],
])('a prepayment for %s is refused', async (_case, change) => {
  const { orderNo } = await shingsou.register(await shingsou.newOrderRequest());
  const answer = shingsou.createPaymentRequest(orderNo, change);
  expect(await sandbox.errorOf(answer)).toEqual([422, 'INVALID_REQUEST']);
});

test('a day that does not exist is no expiry', async () => {
  const { orderNo } = await shingsou.register(await shingsou.newOrderRequest());
  const answer = shingsou.createPaymentRequest(orderNo, { timeExpire: '2099-02-30 00:00:00' });
  expect(await sandbox.errorOf(answer)).toEqual([422, 'UnprocessableEntity']);
});

test('neither the expiry nor the payer of an order can be changed later', async () => {
  const { orderNo } = await shingsou.register(await shingsou.newOrderRequest());
  const end = { timeExpire: '2099-01-01 00:00:00' };
  expect((await shingsou.createPaymentRequest(orderNo, end)).status).toBe(200);
  const later = shingsou.createPaymentRequest(orderNo, { timeExpire: '2099-01-01 00:00:01' });
  expect(await sandbox.errorOf(later)).toEqual([422, 'INVALID_REQUEST']);
  const { body } = await sandbox.control('POST', 'wechat/login', { user: 'somebody else' });
  const session = sandbox.get('/payment/v2/WechatPay/Code2Session', body as { code: string });
  const { openid } = await sandbox.data<{ openid: string }>(session);
  const other = shingsou.createPaymentRequest(orderNo, { ...end, openId: openid });
  expect(await sandbox.errorOf(other)).toEqual([422, 'INVALID_REQUEST']);
});

test('a prepayment for an unknown order is refused', async () => {
  const answer = shingsou.createPaymentRequest('XY0000000000000000000000');
  expect(await sandbox.errorOf(answer)).toEqual([422, 'ORDERNOTEXIST']);
});

test('a query shows an unpaid order, and of a paid one the amount, time and payer', async () => {
  const { outTradeNo, totalAmount, sheet } = await shingsou.createPreparedOrder();
  expect(await shingsou.query(outTradeNo)).toMatchObject({
    tradeState: 'NOTPAY',
    transactionId: null,
    timeEnd: null,
  });
  await shingsou.submitCashier({ package: sheet.package, action: 'pay' });
  expect(await shingsou.query(outTradeNo)).toEqual({
    outTradeNo,
    tradeState: 'SUCCESS',
    totalAmount,
    transactionId: expect.stringMatching(/^42000\d{23}$/) as string,
    openId: shingsou.openid,
    timeEnd: expect.stringMatching(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/) as string,
  });
});

test('a paid order takes no new prepayment and cannot be closed', async () => {
  const { orderNo, outTradeNo } = await shingsou.createPaidOrder();
  expect(await sandbox.errorOf(shingsou.createPaymentRequest(orderNo))).toEqual([422, 'ORDERPAID']);
  await sandbox.advanceClock(6 * MINUTES);
  expect(await sandbox.errorOf(shingsou.close(outTradeNo))).toEqual([422, 'ORDERPAID']);
});

test('an order can be closed from five minutes after its creation on', async () => {
  const { orderNo, outTradeNo, sheet } = await shingsou.createPreparedOrder();
  await sandbox.advanceClock(4 * MINUTES);
  expect(await sandbox.errorOf(shingsou.close(outTradeNo))).toEqual([422, 'INVALID_REQUEST']);
  await sandbox.advanceClock(MINUTES);
  expect((await shingsou.close(outTradeNo)).status).toBe(200);
  expect(await shingsou.query(outTradeNo)).toMatchObject({ tradeState: 'CLOSED' });
  expect(await shingsou.findListedOrder(outTradeNo)).toMatchObject({ payState: 3 });
  expect(await sandbox.errorOf(shingsou.close(outTradeNo))).toEqual([422, 'ORDERCLOSED']);
  expect(await sandbox.errorOf(shingsou.createPaymentRequest(orderNo))).toEqual([
    422,
    'ORDERCLOSED',
  ]);
  await expect(shingsou.submitCashier({ package: sheet.package, action: 'pay' })).resolves.toMatch(
    /^requestPayment:fail .*已关闭/,
  );
});

test('an order without a prepayment can be closed at once', async () => {
  const { outTradeNo } = await shingsou.register(await shingsou.newOrderRequest());
  expect((await shingsou.close(outTradeNo)).status).toBe(200);
});

test('an unknown order can be neither queried nor closed, and is not listed', async () => {
  const query = sandbox.get('/payment/v2/WechatPay/Query', { outTradeNo: 'NOBODYS-ORDER' });
  expect(await sandbox.errorOf(query)).toEqual([422, 'ORDERNOTEXIST']);
  expect(await sandbox.errorOf(shingsou.close('NOBODYS-ORDER'))).toEqual([422, 'ORDERNOTEXIST']);
  const page = { outTradeNo: 'NOBODYS-ORDER', pageIndex: '1', pageSize: '10' };
  expect(await sandbox.data(sandbox.get('/payment/Order', page))).toEqual({ total: 0, items: [] });
});
