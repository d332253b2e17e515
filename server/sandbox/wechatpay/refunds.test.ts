import { createMerchant, type Merchant } from '../testing/merchant';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let merchant: Merchant;

beforeEach(async () => {
  sandbox = await startSandbox();
  merchant = await createMerchant(sandbox);
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

test('a refund is accepted, and the money is back after a moment', async () => {
  const { number } = await merchant.paid();
  const accepted = {
    out_refund_no: 'REFUND-1',
    out_trade_no: number,
    refund_id: expect.stringMatching(/^503\d{26}$/) as string,
    transaction_id: expect.stringMatching(/^42000\d{23}$/) as string,
    status: 'PROCESSING',
    amount: { total: 1800, refund: 1800, payer_total: 1800, payer_refund: 1800, currency: 'CNY' },
  };
  expect(await merchant.refund(number)).toMatchObject({ status: 200, body: accepted });
  expect((await merchant.query(number)).body).toMatchObject({ trade_state: 'REFUND' });
  expect((await merchant.queryRefund('REFUND-1')).body).not.toHaveProperty('success_time');
  await sandbox.pass(3);
  expect((await merchant.queryRefund('REFUND-1')).body).toMatchObject({
    ...accepted,
    status: 'SUCCESS',
    success_time: expect.stringMatching(/\+08:00$/) as string,
  });
  expect(await ledger()).toMatchObject([{ state: 'refunded', refundedFen: 1800 }]);
});

test('the same number pays back once, and not another amount or for another order', async () => {
  const { number } = await merchant.paid();
  const asked = part(400, 'REFUND-1');
  const [first, again] = [
    await merchant.refund(number, asked),
    await merchant.refund(number, asked),
  ];
  expect(again.body).toEqual(first.body);
  await sandbox.pass(3);
  expect((await merchant.refund(number, asked)).body).toMatchObject({ status: 'SUCCESS' });
  expect(await ledger()).toMatchObject([{ state: 'partlyRefunded', refundedFen: 400 }]);
  const refused = [400, 'INVALID_REQUEST'];
  const other = merchant.refund(number, part(500, 'REFUND-1'));
  expect(await merchant.errorOf(other)).toEqual(refused);
  const { number: elsewhere } = await merchant.paid();
  expect(await merchant.errorOf(merchant.refund(elsewhere, asked))).toEqual(refused);
});

test('parts may be paid back until nothing is left', async () => {
  const { number } = await merchant.paid();
  expect((await merchant.refund(number, part(1000))).status).toBe(200);
  expect((await merchant.refund(number, part(800))).status).toBe(200);
  const tooMuch = merchant.refund(number, part(1));
  expect(await merchant.errorOf(tooMuch)).toEqual([400, 'INVALID_REQUEST']);
});

test('fifty parts are the most', async () => {
  const { number } = await merchant.paid();
  for (let count = 1; count <= 50; count += 1) {
    expect((await merchant.refund(number, part(1, `PART-${count}`))).status).toBe(200);
  }
  const oneMore = merchant.refund(number, part(1, 'PART-51'));
  expect(await merchant.errorOf(oneMore)).toEqual([400, 'INVALID_REQUEST']);
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
  const { number } = await merchant.paid();
  expect(await merchant.errorOf(merchant.refund(number, change))).toEqual([400, code]);
});

test('what was not paid, or nobody ordered, is not paid back', async () => {
  const { number } = await merchant.prepared();
  expect(await merchant.errorOf(merchant.refund(number))).toEqual([400, 'INVALID_REQUEST']);
  const unknown = [404, 'RESOURCE_NOT_EXISTS'];
  expect(await merchant.errorOf(merchant.refund('NOBODYS-ORDER'))).toEqual(unknown);
  const byTransaction = merchant.refund('NOBODYS-ORDER', { transaction_id: '4200000000' });
  expect(await merchant.errorOf(byTransaction)).toEqual(unknown);
  expect(await merchant.errorOf(merchant.queryRefund('NONE'))).toEqual(unknown);
});

test('after a year nothing is paid back', async () => {
  const { number } = await merchant.paid();
  await sandbox.pass(366 * 86_400);
  expect(await merchant.errorOf(merchant.refund(number))).toEqual([400, 'INVALID_REQUEST']);
});

test.each([
  ['refundNotEnough', 'NOT_ENOUGH'],
  ['refundRefused', 'REQUEST_BLOCKED'],
])('under %s a refund is refused, and taken under the same number later', async (fault, code) => {
  const { number } = await merchant.paid();
  await sandbox.setFaults({ [fault]: true });
  expect(await merchant.errorOf(merchant.refund(number))).toEqual([403, code]);
  expect((await merchant.query(number)).body).toMatchObject({ trade_state: 'SUCCESS' });
  await sandbox.setFaults({});
  expect((await merchant.refund(number)).status).toBe(200);
});

test('a refund that does not reach the person is abnormal, and nothing went back', async () => {
  const { number } = await merchant.paid();
  await sandbox.setFaults({ refundAbnormal: true });
  await merchant.refund(number);
  await sandbox.pass(3);
  await sandbox.setFaults({});
  await sandbox.pass(60);
  expect((await merchant.queryRefund('REFUND-1')).body).toMatchObject({ status: 'ABNORMAL' });
  expect((await merchant.refund(number)).body).toMatchObject({ status: 'ABNORMAL' });
  expect(await ledger()).toMatchObject([{ state: 'paid', refundedFen: 0 }]);
});
