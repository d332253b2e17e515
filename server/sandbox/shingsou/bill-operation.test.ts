import { createShingsouClient, type ShingsouClient } from '../testing/shingsou-client';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let shingsou: ShingsouClient;

beforeEach(async () => {
  sandbox = await startSandbox();
  shingsou = await createShingsouClient(sandbox);
});
afterEach(() => sandbox.close());

/** The tests' clock starts on this day, at eleven in the morning. */
const DAY = '20260512';
const UNTIL_TEN_NEXT_DAY_S = 23 * 3600;

const bill = (changes: Record<string, string> = {}) =>
  sandbox.get('/payment/v2/WechatPay/BillDownload', {
    billDate: DAY,
    pageIndex: '1',
    pageSize: '100',
    ...changes,
  });

async function nextDay(): Promise<void> {
  await sandbox.advanceClock(UNTIL_TEN_NEXT_DAY_S + 60);
  await sandbox.authorise();
}

test('a day’s bill has its payments and refunds, in pages', async () => {
  const { outTradeNo } = await shingsou.createPaidOrder();
  await shingsou.refund({
    outTradeNo,
    outRefundNo: 'REFUND-1',
    totalAmount: '9.90',
    refundAmount: '4.00',
    reason: '',
  });
  await shingsou.createPreparedOrder();
  await shingsou.register({ ...(await shingsou.newOrderRequest()), payType: 1 });
  await nextDay();
  const common = {
    outTradeNo,
    transactionId: expect.stringMatching(/^42000\d{23}$/) as string,
    totalAmount: '9.90',
    time: expect.stringMatching(/^2026-05-12 11:\d{2}:\d{2}$/) as string,
  };
  const refund = { ...common, tradeState: 'REFUND', outRefundNo: 'REFUND-1', refundAmount: '4.00' };
  expect(await sandbox.data(bill())).toEqual({
    total: 2,
    items: [{ ...common, tradeState: 'SUCCESS', outRefundNo: null, refundAmount: '0.00' }, refund],
  });
  const second = await sandbox.data(bill({ pageIndex: '2', pageSize: '1' }));
  expect(second).toEqual({ total: 2, items: [refund] });
});

test('it has the amounts that were really taken', async () => {
  await sandbox.setFaults({ wrongAmount: true });
  await shingsou.createPaidOrder();
  await nextDay();
  expect(await sandbox.data(bill())).toMatchObject({ items: [{ totalAmount: '9.89' }] });
});

test('it is available from ten the next morning, and empty for a day without payments', async () => {
  expect(await sandbox.errorOf(bill())).toEqual([422, 'NO_STATEMENT_EXIST']);
  await sandbox.advanceClock(UNTIL_TEN_NEXT_DAY_S - 60);
  await sandbox.authorise();
  expect(await sandbox.errorOf(bill())).toEqual([422, 'NO_STATEMENT_EXIST']);
  await sandbox.advanceClock(120);
  expect(await sandbox.data(bill())).toEqual({ total: 0, items: [] });
});

test.each(['20260230', '2026-05-12', ''])('%j is not a day', async (billDate) => {
  expect(await sandbox.errorOf(bill({ billDate }))).toEqual([422, 'UnprocessableEntity']);
});

test('it needs its permission', async () => {
  await sandbox.authorise('iot.payment.wechatpay.query');
  expect((await bill()).status).toBe(403);
});
