import { createWechatPayClient, type WechatPayClient } from '../testing/wechatpay-client';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let wechatPay: WechatPayClient;

beforeEach(async () => {
  sandbox = await startSandbox();
  wechatPay = await createWechatPayClient(sandbox);
});
afterEach(() => sandbox.close());

interface Payment {
  orderNumber: string;
  amountFen: number;
  transactionId: string;
  channel: string;
}

async function payments(): Promise<Payment[]> {
  const { body } = await sandbox.call('/sandbox/ledger');
  return (body as { payments: Payment[] }).payments;
}

test('WeChat Pay that is down answers 503, without affecting 旭宇', async () => {
  await sandbox.setFaults({ wechatpayDown: true });
  const reply = await wechatPay.get('/v3/certificates');
  expect(reply.status).toBe(503);
  expect(wechatPay.verifiedSerial(reply)).toBeUndefined();
  const [card] = await sandbox.cards();
  const detail = await sandbox.get('/cards/FlowCard/Detail', { cardNo: card?.iccid ?? '' });
  expect(detail.status).toBe(200);
});

test('garbage is an unsigned web page with HTTP 200, without any effect', async () => {
  const request = wechatPay.newOrderRequest();
  await sandbox.setFaults({ wechatpayGarbage: true });
  const reply = await wechatPay.jsapi(request);
  expect(reply.status).toBe(200);
  expect(reply.text).toContain('<html>');
  expect(wechatPay.verifiedSerial(reply)).toBeUndefined();
  await sandbox.setFaults({});
  const left = wechatPay.query(request.out_trade_no);
  expect(await wechatPay.errorOf(left)).toEqual([404, 'ORDER_NOT_EXIST']);
});

test('slow WeChat Pay answers after its delay', async () => {
  await sandbox.setFaults({ wechatpaySlowMs: 150 });
  const start = performance.now();
  expect((await wechatPay.get('/v3/certificates')).status).toBe(200);
  expect(performance.now() - start).toBeGreaterThan(140);
});

describe('mute WeChat Pay', () => {
  const pendingRequest = (url: string, body: object) =>
    wechatPay.send('POST', url, JSON.stringify(body), {}, AbortSignal.timeout(250));

  test('executes orders, closings and refunds without a response, and answers queries', async () => {
    const { number: toClose } = await wechatPay.createPreparedOrder();
    const { number: toRefund } = await wechatPay.createPaidOrder();
    const request = wechatPay.newOrderRequest();
    await sandbox.setFaults({ wechatpayMute: true });
    const calls = [
      pendingRequest('/v3/pay/transactions/jsapi', request),
      pendingRequest(`/v3/pay/transactions/out-trade-no/${toClose}/close`, {
        mchid: wechatPay.mchid,
      }),
      pendingRequest('/v3/refund/domestic/refunds', wechatPay.newRefundRequest(toRefund)),
    ];
    for (const call of calls) await expect(call).rejects.toThrow(/timeout/);
    const states = [request.out_trade_no, toClose, toRefund].map(async (number) => {
      const { body } = await wechatPay.query(number);
      return (body as { trade_state: string }).trade_state;
    });
    expect(await Promise.all(states)).toEqual(['NOTPAY', 'CLOSED', 'REFUND']);
  });
});

test('a wrong amount is really taken: query, refund and ledger agree', async () => {
  await sandbox.setFaults({ wrongAmount: true });
  const { number } = await wechatPay.createPaidOrder();
  await sandbox.setFaults({});
  expect((await wechatPay.query(number)).body).toMatchObject({ amount: { total: 1799 } });
  const refused = wechatPay.refund(number);
  expect(await wechatPay.errorOf(refused)).toEqual([400, 'INVALID_REQUEST']);
  const ledgerPayments = { amount: { refund: 1799, total: 1799, currency: 'CNY' } };
  expect((await wechatPay.refund(number, ledgerPayments)).status).toBe(200);
  await sandbox.advanceClock(3);
  expect(await payments()).toMatchObject([
    { orderNumber: number, amountFen: 1799, refundedFen: 1799, state: 'refunded' },
  ]);
});

describe('a payment that is taken twice', () => {
  test('has two transactions, both in the ledger, each of which can be refunded', async () => {
    await sandbox.setFaults({ doublePayment: true });
    const { number } = await wechatPay.createPaidOrder();
    const ledgerPayments = await payments();
    expect(ledgerPayments).toMatchObject([
      { orderNumber: number, amountFen: 1800, channel: 'wechatpay' },
      { orderNumber: number, amountFen: 1800, channel: 'wechatpay' },
    ]);
    const [first = '', second = ''] = ledgerPayments.map(({ transactionId }) => transactionId);
    expect(second).not.toBe(first);
    expect((await wechatPay.query(number)).body).toMatchObject({ transaction_id: first });
    expect((await wechatPay.queryTransaction(second)).body).toMatchObject({
      transaction_id: second,
      out_trade_no: number,
    });
    const back = await wechatPay.refund(number, { transaction_id: second });
    expect(back.body).toMatchObject({ transaction_id: second });
    await sandbox.advanceClock(3);
    expect(await payments()).toMatchObject([
      { transactionId: first, state: 'paid' },
      { transactionId: second, state: 'refunded' },
    ]);
    expect((await wechatPay.query(number)).body).toMatchObject({ trade_state: 'SUCCESS' });
  });

  test('is notified twice, and is in the bill twice', async () => {
    await sandbox.setFaults({ doublePayment: true });
    const { number } = await wechatPay.createPaidOrder();
    const { body } = await sandbox.call('/sandbox');
    expect(String(body).match(/重复扣款<\/span>/g)).toHaveLength(1);
    expect(String(body).match(/支付成功\s/g)).toHaveLength(2);
    await sandbox.advanceClock(24 * 3600);
    const applied = await wechatPay.get('/v3/bill/tradebill?bill_date=2026-05-12');
    const { download_url: address } = applied.body as { download_url: string };
    const { pathname, search } = new URL(address);
    const { text } = await wechatPay.get(`${pathname}${search}`);
    const paid = text.split('\r\n').filter((line) => line.includes(`\`${number},`));
    expect(paid).toHaveLength(2);
    for (const line of paid) expect(line).toContain('`SUCCESS,`OTHERS');
  });
});
