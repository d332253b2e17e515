import { createMerchant, type Merchant } from '../testing/merchant';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let merchant: Merchant;

beforeEach(async () => {
  sandbox = await startSandbox();
  merchant = await createMerchant(sandbox);
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

test('WeChat Pay that is down answers 503, and 旭宇 goes on', async () => {
  await sandbox.setFaults({ wechatpayDown: true });
  const reply = await merchant.get('/v3/certificates');
  expect(reply.status).toBe(503);
  expect(merchant.signer(reply)).toBeUndefined();
  const [card] = await sandbox.cards();
  const detail = await sandbox.get('/cards/FlowCard/Detail', { cardNo: card?.iccid ?? '' });
  expect(detail.status).toBe(200);
});

test('garbage is an unsigned web page with HTTP 200, and nothing was done', async () => {
  const request = merchant.content();
  await sandbox.setFaults({ wechatpayGarbage: true });
  const reply = await merchant.jsapi(request);
  expect(reply.status).toBe(200);
  expect(reply.text).toContain('<html>');
  expect(merchant.signer(reply)).toBeUndefined();
  await sandbox.setFaults({});
  const left = merchant.query(request.out_trade_no);
  expect(await merchant.errorOf(left)).toEqual([404, 'ORDER_NOT_EXIST']);
});

test('slow WeChat Pay answers after its wait', async () => {
  await sandbox.setFaults({ wechatpaySlowMs: 150 });
  const start = performance.now();
  expect((await merchant.get('/v3/certificates')).status).toBe(200);
  expect(performance.now() - start).toBeGreaterThan(140);
});

describe('mute WeChat Pay', () => {
  const unanswered = (url: string, body: object) =>
    merchant.send('POST', url, JSON.stringify(body), {}, AbortSignal.timeout(250));

  test('has ordered, closed and paid back without a word, and answers questions', async () => {
    const { number: toClose } = await merchant.prepared();
    const { number: toRefund } = await merchant.paid();
    const request = merchant.content();
    await sandbox.setFaults({ wechatpayMute: true });
    const calls = [
      unanswered('/v3/pay/transactions/jsapi', request),
      unanswered(`/v3/pay/transactions/out-trade-no/${toClose}/close`, { mchid: merchant.mchid }),
      unanswered('/v3/refund/domestic/refunds', merchant.refundOf(toRefund)),
    ];
    for (const call of calls) await expect(call).rejects.toThrow(/timeout/);
    const states = [request.out_trade_no, toClose, toRefund].map(async (number) => {
      const { body } = await merchant.query(number);
      return (body as { trade_state: string }).trade_state;
    });
    expect(await Promise.all(states)).toEqual(['NOTPAY', 'CLOSED', 'REFUND']);
  });
});

test('a wrong amount was really taken: query, refund and ledger agree', async () => {
  await sandbox.setFaults({ wrongAmount: true });
  const { number } = await merchant.paid();
  await sandbox.setFaults({});
  expect((await merchant.query(number)).body).toMatchObject({ amount: { total: 1799 } });
  const asked = merchant.refund(number);
  expect(await merchant.errorOf(asked)).toEqual([400, 'INVALID_REQUEST']);
  const taken = { amount: { refund: 1799, total: 1799, currency: 'CNY' } };
  expect((await merchant.refund(number, taken)).status).toBe(200);
  await sandbox.pass(3);
  expect(await payments()).toMatchObject([
    { orderNumber: number, amountFen: 1799, refundedFen: 1799, state: 'refunded' },
  ]);
});

describe('a payment that is taken twice', () => {
  test('has two numbers, both known, in the ledger, and each to be given back', async () => {
    await sandbox.setFaults({ doublePayment: true });
    const { number } = await merchant.paid();
    const taken = await payments();
    expect(taken).toMatchObject([
      { orderNumber: number, amountFen: 1800, channel: 'wechatpay' },
      { orderNumber: number, amountFen: 1800, channel: 'wechatpay' },
    ]);
    const [first = '', second = ''] = taken.map(({ transactionId }) => transactionId);
    expect(second).not.toBe(first);
    expect((await merchant.query(number)).body).toMatchObject({ transaction_id: first });
    expect((await merchant.queryTransaction(second)).body).toMatchObject({
      transaction_id: second,
      out_trade_no: number,
    });
    const back = await merchant.refund(number, { transaction_id: second });
    expect(back.body).toMatchObject({ transaction_id: second });
    await sandbox.pass(3);
    expect(await payments()).toMatchObject([
      { transactionId: first, state: 'paid' },
      { transactionId: second, state: 'refunded' },
    ]);
    expect((await merchant.query(number)).body).toMatchObject({ trade_state: 'SUCCESS' });
  });

  test('is told twice, and stands in the bill twice', async () => {
    await sandbox.setFaults({ doublePayment: true });
    await merchant.paid();
    const { body } = await sandbox.call('/sandbox');
    expect(String(body).match(/重复扣款<\/span>/g)).toHaveLength(1);
    expect(String(body).match(/支付成功\s/g)).toHaveLength(2);
    await sandbox.pass(24 * 3600);
    const applied = await merchant.get('/v3/bill/tradebill?bill_date=2026-05-12');
    const { download_url: address } = applied.body as { download_url: string };
    const { pathname, search } = new URL(address);
    const { text } = await merchant.get(`${pathname}${search}`);
    expect(text.match(/`SUCCESS,`OTHERS/g)).toHaveLength(2);
  });
});
