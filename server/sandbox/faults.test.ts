import { createShingsouClient } from './testing/shingsou-client';
import { startSandbox, type TestSandbox } from './testing/start-sandbox';

let sandbox: TestSandbox;

beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

const detail = async () => {
  const [card] = await sandbox.cards();
  return sandbox.get('/cards/FlowCard/Detail', { cardNo: card?.iccid ?? '' });
};

test('all faults are off at first, and a PUT switches off what it does not name', async () => {
  const { body: first } = await sandbox.call('/sandbox/faults');
  expect(Object.values(first as object).filter(Boolean)).toEqual([]);
  await sandbox.setFaults({ gatewayDown: true, deliverySeconds: 9 });
  const { body } = await sandbox.setFaults({ garbage: true });
  expect(body).toEqual({ ...(first as object), garbage: true });
});

test.each([
  ['an unknown switch', { gatewayUp: true }],
  ['a text for a switch', { gatewayDown: 'yes' }],
  ['a negative delay', { gatewaySlowMs: -1 }],
  ['a list', [true]],
])('%s is a 400 and changes nothing', async (_case, faults) => {
  await sandbox.setFaults({ gatewayDown: true });
  expect((await sandbox.setFaults(faults)).status).toBe(400);
  expect((await sandbox.call('/sandbox/faults')).body).toMatchObject({ gatewayDown: true });
});

test('a token server that is down issues no token', async () => {
  await sandbox.setFaults({ tokenServerDown: true });
  expect((await sandbox.requestToken()).status).toBe(503);
  expect((await detail()).status).toBe(200);
});

test('a gateway that is down answers 503', async () => {
  await sandbox.setFaults({ gatewayDown: true });
  expect((await detail()).status).toBe(503);
});

test('a slow gateway answers after its delay', async () => {
  await sandbox.setFaults({ gatewaySlowMs: 150 });
  const [card] = await sandbox.cards();
  const start = performance.now();
  await sandbox.get('/cards/FlowCard/Status', { cardNo: card?.iccid ?? '' });
  expect(performance.now() - start).toBeGreaterThan(140);
});

test('garbage is a web page with HTTP 200, without any effect', async () => {
  const shingsou = await createShingsouClient(sandbox);
  const order = await shingsou.newOrderRequest();
  await sandbox.setFaults({ garbage: true });
  const answer = await sandbox.post('/payment/Payment', order);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('text/html');
  await sandbox.setFaults({});
  const query = { outTradeNo: order.outTradeNo };
  const left = sandbox.get('/payment/v2/WechatPay/Query', query);
  expect(await sandbox.errorOf(left)).toEqual([422, 'ORDERNOTEXIST']);
});

test('a revoked token is refused at once, and revoking is not a switch', async () => {
  const { body } = await sandbox.setFaults({ revokeToken: true });
  expect(body).toMatchObject({ revokeToken: false });
  expect((await detail()).status).toBe(401);
});

test('an order that was registered without a response exists', async () => {
  const shingsou = await createShingsouClient(sandbox);
  const order = await shingsou.newOrderRequest();
  await sandbox.setFaults({ paymentPostTimeout: true });
  const pendingRequest = sandbox.call('/payment/Payment', {
    method: 'POST',
    headers: { ...sandbox.headers(), 'content-type': 'application/json' },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(200),
  });
  await expect(pendingRequest).rejects.toThrow(/timeout/);
  await expect(shingsou.query(order.outTradeNo)).resolves.toMatchObject({ tradeState: 'NOTPAY' });
});

test('a prepayment without a response was created: the order now has an expiry', async () => {
  const shingsou = await createShingsouClient(sandbox);
  const { orderNo } = await shingsou.register(await shingsou.newOrderRequest());
  await sandbox.setFaults({ appletPayTimeout: true });
  const pendingRequest = sandbox.call('/payment/v2/WechatPay/AppletPay', {
    method: 'POST',
    headers: { ...sandbox.headers(), 'content-type': 'application/json' },
    body: JSON.stringify({ orderNo, openId: shingsou.openid, timeExpire: '2099-01-01 00:00:00' }),
    signal: AbortSignal.timeout(200),
  });
  await expect(pendingRequest).rejects.toThrow(/timeout/);
  await sandbox.setFaults({});
  const changed = shingsou.createPaymentRequest(orderNo, { timeExpire: '2098-01-01 00:00:00' });
  expect(await sandbox.errorOf(changed)).toEqual([422, 'INVALID_REQUEST']);
});

test('a blocked login is refused as a risk, and its code is used up', async () => {
  await sandbox.setFaults({ loginBlocked: true });
  const { body } = await sandbox.control('POST', 'wechat/login', {});
  const exchange = () =>
    sandbox.get('/payment/v2/WechatPay/Code2Session', body as { code: string });
  expect(await sandbox.errorOf(exchange())).toEqual([422, 'CODE_BLOCKED']);
  await sandbox.setFaults({});
  expect(await sandbox.errorOf(exchange())).toEqual([422, 'INVALID_CODE']);
});

test('a wrong amount is really taken: query, refund and ledger agree', async () => {
  const shingsou = await createShingsouClient(sandbox);
  await sandbox.setFaults({ wrongAmount: true });
  const { outTradeNo, totalAmount } = await shingsou.createPaidOrder();
  await sandbox.setFaults({});
  expect(totalAmount).toBe('9.90');
  await expect(shingsou.query(outTradeNo)).resolves.toMatchObject({ totalAmount: '9.89' });
  const refund = (amount: string) =>
    shingsou.refund({
      outTradeNo,
      outRefundNo: 'REFUND-1',
      totalAmount: amount,
      refundAmount: amount,
      reason: '',
    });
  expect(await sandbox.errorOf(refund('9.90'))).toEqual([422, 'INVALID_REQUEST']);
  expect((await refund('9.89')).status).toBe(200);
  await sandbox.advanceClock(3);
  const { body } = await sandbox.call('/sandbox/ledger');
  expect(body).toMatchObject({
    payments: [{ amountFen: 989, refundedFen: 989, state: 'refunded' }],
  });
});

test('a refund that is refused stays refused until the fault is off', async () => {
  const shingsou = await createShingsouClient(sandbox);
  const { outTradeNo, totalAmount } = await shingsou.createPaidOrder();
  const request = { outTradeNo, outRefundNo: 'REFUND-1', totalAmount, refundAmount: totalAmount };
  const refund = () => shingsou.refund({ ...request, reason: '' });
  await sandbox.setFaults({ refundRefused: true });
  expect(await sandbox.errorOf(refund())).toEqual([422, 'INVALID_REQUEST']);
  await sandbox.setFaults({});
  expect((await refund()).status).toBe(200);
});

test('a refund that ends abnormally is shown as such', async () => {
  const shingsou = await createShingsouClient(sandbox);
  const { outTradeNo, totalAmount } = await shingsou.createPaidOrder();
  await sandbox.setFaults({ refundAbnormal: true });
  const request = { outTradeNo, outRefundNo: 'REFUND-1', totalAmount, refundAmount: totalAmount };
  await shingsou.refund({ ...request, reason: '' });
  await sandbox.advanceClock(3);
  const refund = sandbox.get('/payment/v2/WechatPay/RefundQuery', { outRefundNo: 'REFUND-1' });
  expect(await sandbox.data(refund)).toMatchObject({ status: 'ABNORMAL' });
});
