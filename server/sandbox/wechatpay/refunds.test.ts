import { createWechatPayClient, type WechatPayClient } from '../testing/wechatpay-client';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let wechatPay: WechatPayClient;

beforeEach(async () => {
  sandbox = await startSandbox();
  wechatPay = await createWechatPayClient(sandbox);
});
afterEach(() => sandbox.close());

const part = (refund: number, number = `PART-${refund}`) => ({
  out_refund_no: number,
  amount: { refund, total: 1800, currency: 'CNY' },
});

async function ledger() {
  const { body } = await sandbox.call('/sandbox/ledger');
  return (body as { payments: Record<string, unknown>[] }).payments;
}

test('a refund is accepted, and arrives after some time', async () => {
  const { number } = await wechatPay.createPaidOrder();
  const accepted = {
    out_refund_no: 'REFUND-1',
    out_trade_no: number,
    refund_id: expect.stringMatching(/^503\d{26}$/) as string,
    transaction_id: expect.stringMatching(/^42000\d{23}$/) as string,
    status: 'PROCESSING',
    amount: { total: 1800, refund: 1800, payer_total: 1800, payer_refund: 1800, currency: 'CNY' },
  };
  expect(await wechatPay.refund(number)).toMatchObject({ status: 200, body: accepted });
  expect((await wechatPay.query(number)).body).toMatchObject({ trade_state: 'REFUND' });
  expect((await wechatPay.queryRefund('REFUND-1')).body).not.toHaveProperty('success_time');
  await sandbox.advanceClock(3);
  expect((await wechatPay.queryRefund('REFUND-1')).body).toMatchObject({
    ...accepted,
    status: 'SUCCESS',
    success_time: expect.stringMatching(/\+08:00$/) as string,
  });
  expect(await ledger()).toMatchObject([{ state: 'refunded', refundedFen: 1800 }]);
});

test('the same number refunds once, and only the same amount and order', async () => {
  const { number } = await wechatPay.createPaidOrder();
  const request = part(400, 'REFUND-1');
  const [first, again] = [
    await wechatPay.refund(number, request),
    await wechatPay.refund(number, request),
  ];
  expect(again.body).toEqual(first.body);
  await sandbox.advanceClock(3);
  expect((await wechatPay.refund(number, request)).body).toMatchObject({ status: 'SUCCESS' });
  expect(await ledger()).toMatchObject([{ state: 'partlyRefunded', refundedFen: 400 }]);
  const refused = [400, 'INVALID_REQUEST'];
  const other = wechatPay.refund(number, part(500, 'REFUND-1'));
  expect(await wechatPay.errorOf(other)).toEqual(refused);
  const { number: otherOrder } = await wechatPay.createPaidOrder();
  expect(await wechatPay.errorOf(wechatPay.refund(otherOrder, request))).toEqual(refused);
});

test('partial refunds are possible until nothing is left', async () => {
  const { number } = await wechatPay.createPaidOrder();
  expect((await wechatPay.refund(number, part(1000))).status).toBe(200);
  expect((await wechatPay.refund(number, part(800))).status).toBe(200);
  const tooMuch = wechatPay.refund(number, part(1));
  expect(await wechatPay.errorOf(tooMuch)).toEqual([400, 'INVALID_REQUEST']);
});

test('a payment has at most fifty refunds', async () => {
  const { number } = await wechatPay.createPaidOrder();
  for (let count = 1; count <= 50; count += 1) {
    expect((await wechatPay.refund(number, part(1, `PART-${count}`))).status).toBe(200);
  }
  const oneMore = wechatPay.refund(number, part(1, 'PART-51'));
  expect(await wechatPay.errorOf(oneMore)).toEqual([400, 'INVALID_REQUEST']);
});

test.each([
  [
    'more than was paid',
    { amount: { refund: 1801, total: 1800, currency: 'CNY' } },
    'INVALID_REQUEST',
  ],
  ['another total', { amount: { refund: 1, total: 1900, currency: 'CNY' } }, 'INVALID_REQUEST'],
  ['nothing', { amount: { refund: 0, total: 1800, currency: 'CNY' } }, 'PARAM_ERROR'],
  ['another currency', { amount: { refund: 1, total: 1800, currency: 'USD' } }, 'PARAM_ERROR'],
  ['no currency', { amount: { refund: 1, total: 1800 } }, 'PARAM_ERROR'],
  ['no order', { out_trade_no: undefined }, 'PARAM_ERROR'],
  ['a number with a space', { out_refund_no: 'REFUND 1' }, 'PARAM_ERROR'],
  ['a number of 65 characters', { out_refund_no: 'R'.repeat(65) }, 'PARAM_ERROR'],
  ['a reason of 81 characters', { reason: '退'.repeat(81) }, 'PARAM_ERROR'],
])('a refund of %s is refused', async (_case, change, code) => {
  const { number } = await wechatPay.createPaidOrder();
  expect(await wechatPay.errorOf(wechatPay.refund(number, change))).toEqual([400, code]);
});

test('an unpaid or unknown order cannot be refunded', async () => {
  const { number } = await wechatPay.createPreparedOrder();
  expect(await wechatPay.errorOf(wechatPay.refund(number))).toEqual([400, 'INVALID_REQUEST']);
  const unknown = [404, 'RESOURCE_NOT_EXISTS'];
  expect(await wechatPay.errorOf(wechatPay.refund('NOBODYS-ORDER'))).toEqual(unknown);
  const byTransaction = wechatPay.refund('NOBODYS-ORDER', { transaction_id: '4200000000' });
  expect(await wechatPay.errorOf(byTransaction)).toEqual(unknown);
  expect(await wechatPay.errorOf(wechatPay.queryRefund('NONE'))).toEqual(unknown);
});

test('after a year a payment cannot be refunded', async () => {
  const { number } = await wechatPay.createPaidOrder();
  await sandbox.advanceClock(366 * 86_400);
  expect(await wechatPay.errorOf(wechatPay.refund(number))).toEqual([400, 'INVALID_REQUEST']);
});

test.each([
  ['refundNotEnough', 'NOT_ENOUGH'],
  ['refundRefused', 'REQUEST_BLOCKED'],
])(
  'under %s a refund is refused, and accepted under the same number later',
  async (fault, code) => {
    const { number } = await wechatPay.createPaidOrder();
    await sandbox.setFaults({ [fault]: true });
    expect(await wechatPay.errorOf(wechatPay.refund(number))).toEqual([403, code]);
    expect((await wechatPay.query(number)).body).toMatchObject({ trade_state: 'SUCCESS' });
    await sandbox.setFaults({});
    expect((await wechatPay.refund(number)).status).toBe(200);
  },
);

test('a refund that does not reach the customer is abnormal, and nothing is refunded', async () => {
  const { number } = await wechatPay.createPaidOrder();
  await sandbox.setFaults({ refundAbnormal: true });
  await wechatPay.refund(number);
  await sandbox.advanceClock(3);
  await sandbox.setFaults({});
  await sandbox.advanceClock(60);
  expect((await wechatPay.queryRefund('REFUND-1')).body).toMatchObject({ status: 'ABNORMAL' });
  expect((await wechatPay.refund(number)).body).toMatchObject({ status: 'ABNORMAL' });
  expect(await ledger()).toMatchObject([{ state: 'paid', refundedFen: 0 }]);
});
