import { beijingDateTime } from '@shared/beijing-time';
import { waitUntil, startWebhookReceiver } from '../testing/webhook-receiver';
import {
  createShingsouClient,
  type ListedOrder,
  type ShingsouClient,
} from '../testing/shingsou-client';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
let shingsou: ShingsouClient;

beforeEach(async () => {
  sandbox = await startSandbox();
  receiver = await startWebhookReceiver();
  shingsou = await createShingsouClient(sandbox, receiver.url);
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

const register = (order: object) => sandbox.post('/payment/Payment', order);

async function ledger() {
  const { body } = await sandbox.call('/sandbox/ledger');
  return body as { payments: unknown[]; deliveries: { orderNumber: string }[] };
}

describe('an order that is paid from the merchant’s balance', () => {
  const order = async () => ({ ...(await shingsou.newOrderRequest()), payType: 1 });

  test('is delivered under its number, without a payment through WeChat', async () => {
    const content = await order();
    const { orderNo, outTradeNo } = await shingsou.register(content);
    expect(await shingsou.findListedOrder(outTradeNo)).toMatchObject({
      payState: 1,
      deliverState: 1,
      transactionId: null,
    });
    await sandbox.advanceClock(4);
    expect(await shingsou.findListedOrder(outTradeNo)).toMatchObject({
      payState: 1,
      deliverState: 3,
    });
    expect(await ledger()).toMatchObject({
      payments: [],
      deliveries: [{ orderNumber: outTradeNo }],
    });
    await waitUntil(() => receiver.receivedBodies.length === 1);
    expect(receiver.receivedBodies).toEqual([{ event: 'delivered', outTradeNo, orderNo }]);
  });

  test('is delivered once, however often it is repeated', async () => {
    const content = await order();
    const first = await shingsou.register(content);
    expect(await shingsou.register(content)).toEqual(first);
    await sandbox.advanceClock(4);
    expect(await shingsou.register(content)).toEqual(first);
    await sandbox.advanceClock(4);
    expect((await ledger()).deliveries).toHaveLength(1);
  });

  test.each([
    ['paid by the customer', { payType: 0 }],
    ['begun next month', { effective: 1 }],
  ])('is not the same order when it is %s', async (_case, change) => {
    const content = await order();
    await shingsou.register(content);
    const refused = [422, 'INVALID_REQUEST'];
    expect(await sandbox.errorOf(register({ ...content, ...change }))).toEqual(refused);
  });

  test('is unknown to WeChat', async () => {
    const { outTradeNo, orderNo } = await shingsou.register(await order());
    const refused = [422, 'ORDERNOTEXIST'];
    const query = sandbox.get('/payment/v2/WechatPay/Query', { outTradeNo });
    expect(await sandbox.errorOf(query)).toEqual(refused);
    expect(await sandbox.errorOf(shingsou.close(outTradeNo))).toEqual(refused);
    expect(await sandbox.errorOf(shingsou.createPaymentRequest(orderNo))).toEqual(refused);
  });

  test('that the balance does not cover is refused and not stored, until it is topped up', async () => {
    const content = await order();
    await sandbox.setFaults({ agentBalanceShort: true });
    expect(await sandbox.errorOf(register(content))).toEqual([422, 'NOTENOUGH']);
    const { payType: _left, ...byCustomer } = await order();
    expect((await register(byCustomer)).status).toBe(200);
    await sandbox.setFaults({});
    const page = { pageIndex: '1', pageSize: '10' };
    const kept = sandbox.get('/payment/Order', { outTradeNo: content.outTradeNo, ...page });
    expect(await sandbox.data(kept)).toEqual({ total: 0, items: [] });
    expect((await register(content)).status).toBe(200);
  });

  test('that was executed without a response exists, and a repetition delivers nothing more', async () => {
    const content = await order();
    await sandbox.setFaults({ paymentPostTimeout: true });
    const pendingRequest = sandbox.call('/payment/Payment', {
      method: 'POST',
      headers: { ...sandbox.headers(), 'content-type': 'application/json' },
      body: JSON.stringify(content),
      signal: AbortSignal.timeout(200),
    });
    await expect(pendingRequest).rejects.toThrow(/timeout/);
    await sandbox.setFaults({});
    await sandbox.advanceClock(4);
    await shingsou.register(content);
    await sandbox.advanceClock(4);
    expect((await ledger()).deliveries).toHaveLength(1);
  });

  test('that fails is notified as failed', async () => {
    await sandbox.setFaults({ deliveryFails: true });
    const { outTradeNo } = await shingsou.register(await order());
    await sandbox.advanceClock(4);
    expect(await shingsou.findListedOrder(outTradeNo)).toMatchObject({
      payState: 1,
      deliverState: 2,
    });
  });
});

test('an unknown payment method is refused', async () => {
  const answer = register({ ...(await shingsou.newOrderRequest()), payType: 2 });
  expect(await sandbox.errorOf(answer)).toEqual([422, 'UnprocessableEntity']);
});

describe('the list of orders', () => {
  interface List {
    total: number;
    items: (ListedOrder & { outTradeNo: string })[];
  }
  const list = (query: Record<string, string>) =>
    sandbox.get('/payment/Order', { pageIndex: '1', pageSize: '100', ...query });
  const between = (startTime: number, endTime: number) => ({
    startTime: beijingDateTime(startTime),
    endTime: beijingDateTime(endTime),
  });

  test('shows the orders of a time range, in pages', async () => {
    const start = await sandbox.now();
    const numbers: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      numbers.push((await shingsou.createPaidOrder()).outTradeNo);
      await sandbox.advanceClock(60);
    }
    const whole = await sandbox.data<List>(list(between(start - 1000, start + 600_000)));
    expect(whole.items.map(({ outTradeNo }) => outTradeNo)).toEqual(numbers);
    const second = { ...between(start - 1000, start + 600_000), pageIndex: '2', pageSize: '1' };
    expect(await sandbox.data<List>(list(second))).toMatchObject({
      total: 3,
      items: [{ outTradeNo: numbers[1] }],
    });
    const made = whole.items[1]?.createdAt ?? '';
    const from = list({ startTime: made, endTime: beijingDateTime(start + 600_000) });
    expect((await sandbox.data<List>(from)).total).toBe(2);
    const until = list({ startTime: beijingDateTime(start - 1000), endTime: made });
    expect((await sandbox.data<List>(until)).total).toBe(1);
  });

  test.each([
    ['neither a number nor a time', {}],
    ['half a time', { startTime: '2026-05-12 00:00:00' }],
    [
      'a day that does not exist',
      { startTime: '2026-02-30 00:00:00', endTime: '2026-03-01 00:00:00' },
    ],
  ])('with %s is refused', async (_case, query) => {
    expect(await sandbox.errorOf(list(query))).toEqual([422, 'UnprocessableEntity']);
  });
});
