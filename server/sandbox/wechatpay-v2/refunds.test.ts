import { createShingsouClient, type ShingsouClient } from '../testing/shingsou-client';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let shingsou: ShingsouClient;

beforeEach(async () => {
  sandbox = await startSandbox();
  shingsou = await createShingsouClient(sandbox);
});
afterEach(() => sandbox.close());

/** The card's first product costs this. */
const PRICE = '9.90';

const newRefundRequest = (outTradeNo: string, refundAmount = PRICE, outRefundNo = 'REFUND-1') => ({
  outTradeNo,
  outRefundNo,
  totalAmount: PRICE,
  refundAmount,
  reason: '测试',
});
const status = (outRefundNo = 'REFUND-1') =>
  sandbox.data(sandbox.get('/payment/v2/WechatPay/RefundQuery', { outRefundNo }));

test('a refund is accepted, and arrives after some time', async () => {
  const { outTradeNo } = await shingsou.createPaidOrder();
  const accepted = { outRefundNo: 'REFUND-1', refundAmount: PRICE, status: 'PROCESSING' };
  expect(await sandbox.data(shingsou.refund(newRefundRequest(outTradeNo)))).toEqual(accepted);
  expect(await status()).toEqual(accepted);
  expect(await shingsou.query(outTradeNo)).toMatchObject({ tradeState: 'REFUND' });
  await sandbox.advanceClock(3);
  expect(await status()).toEqual({ ...accepted, status: 'SUCCESS' });
  expect(await shingsou.findListedOrder(outTradeNo)).toMatchObject({ payState: 2 });
});

test('the same refund number refunds once', async () => {
  const { outTradeNo } = await shingsou.createPaidOrder();
  await shingsou.refund(newRefundRequest(outTradeNo, '4.00'));
  await shingsou.refund(newRefundRequest(outTradeNo, '4.00'));
  await sandbox.advanceClock(3);
  await shingsou.refund(newRefundRequest(outTradeNo, '4.00'));
  const { body } = await sandbox.call('/sandbox/ledger');
  expect(body).toMatchObject({ payments: [{ state: 'partlyRefunded', refundedFen: 400 }] });
});

test('partial refunds are possible until nothing is left', async () => {
  const { outTradeNo } = await shingsou.createPaidOrder();
  expect((await shingsou.refund(newRefundRequest(outTradeNo, '4.00', 'PART-1'))).status).toBe(200);
  expect((await shingsou.refund(newRefundRequest(outTradeNo, '5.90', 'PART-2'))).status).toBe(200);
  const tooMuch = shingsou.refund(newRefundRequest(outTradeNo, '0.01', 'PART-3'));
  expect(await sandbox.errorOf(tooMuch)).toEqual([422, 'INVALID_REQUEST']);
});

test.each([
  ['more than was paid', { refundAmount: '9.91' }],
  ['nothing', { refundAmount: '0.00' }],
  ['a total that is not the order’s', { totalAmount: '99.00' }],
])('a refund of %s is refused', async (_case, change) => {
  const { outTradeNo } = await shingsou.createPaidOrder();
  const answer = shingsou.refund({ ...newRefundRequest(outTradeNo), ...change });
  expect(await sandbox.errorOf(answer)).toEqual([422, 'INVALID_REQUEST']);
});

test('a refund number cannot be used for another amount', async () => {
  const { outTradeNo } = await shingsou.createPaidOrder();
  await shingsou.refund(newRefundRequest(outTradeNo, '1.00'));
  const other = shingsou.refund(newRefundRequest(outTradeNo, '2.00'));
  expect(await sandbox.errorOf(other)).toEqual([422, 'INVALID_REQUEST']);
});

test('an unpaid order cannot be refunded', async () => {
  const { outTradeNo } = await shingsou.createPreparedOrder();
  const unpaid = shingsou.refund(newRefundRequest(outTradeNo));
  expect(await sandbox.errorOf(unpaid)).toEqual([422, 'INVALID_REQUEST']);
  const unknown = shingsou.refund(newRefundRequest('NOBODYS-ORDER'));
  expect(await sandbox.errorOf(unknown)).toEqual([422, 'ORDERNOTEXIST']);
});

test('an unknown refund does not exist', async () => {
  const answer = sandbox.get('/payment/v2/WechatPay/RefundQuery', { outRefundNo: 'NONE' });
  expect(await sandbox.errorOf(answer)).toEqual([422, 'REFUNDNOTEXIST']);
});

test('without balance refunds are refused until it is topped up', async () => {
  const { outTradeNo } = await shingsou.createPaidOrder();
  await sandbox.setFaults({ refundNotEnough: true });
  const refused = shingsou.refund(newRefundRequest(outTradeNo));
  expect(await sandbox.errorOf(refused)).toEqual([422, 'NOTENOUGH']);
  await sandbox.setFaults({});
  expect((await shingsou.refund(newRefundRequest(outTradeNo))).status).toBe(200);
});

test('a package that was refunded before its delivery is not delivered', async () => {
  const { outTradeNo } = await shingsou.createPaidOrder();
  await shingsou.refund(newRefundRequest(outTradeNo));
  await sandbox.advanceClock(5);
  expect(await shingsou.findListedOrder(outTradeNo)).toMatchObject({ deliverState: 2 });
});
