import { retryDelaysMs } from './notification-schedule';
import { waitUntil, startWebhookReceiver } from './testing/webhook-receiver';
import { createShingsouClient, type ShingsouClient } from './testing/shingsou-client';
import { startSandbox, type TestSandbox } from './testing/start-sandbox';

let sandbox: TestSandbox;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
let shingsou: ShingsouClient;

beforeEach(async () => {
  // Deliveries take so long that they send no notifications.
  sandbox = await startSandbox({ deliverySeconds: 864_000 });
  receiver = await startWebhookReceiver();
  shingsou = await createShingsouClient(sandbox, receiver.url);
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

const waitForCount = (count: number) => waitUntil(() => receiver.receivedBodies.length === count);

test('a payment is notified at once, without amounts or names', async () => {
  const { outTradeNo, orderNo } = await shingsou.createPaidOrder();
  await waitForCount(1);
  expect(receiver.receivedBodies).toEqual([{ event: 'paid', outTradeNo, orderNo }]);
});

test('an acknowledged notification is not repeated', async () => {
  await shingsou.createPaidOrder();
  await waitForCount(1);
  await sandbox.advanceClock(3600);
  expect(receiver.receivedBodies).toHaveLength(1);
});

test.each([
  ['another status', { status: 500, body: '{"code":200}' }],
  ['204 without a body', { status: 204, body: '' }],
  ['another code', { status: 200, body: '{"code":"FAIL"}' }],
  ['no JSON', { status: 200, body: 'OK' }],
  ['an endless answer', { status: 200, body: 'x'.repeat(100_000) }],
])('an answer with %s is no acknowledgement', async (_case, answer) => {
  receiver.answer(answer);
  await shingsou.createPaidOrder();
  await waitForCount(1);
  await sandbox.advanceClock(16);
  expect(receiver.receivedBodies).toHaveLength(2);
});

test('a receiver that does not answer within five seconds gets it again', async () => {
  receiver.answer('silence');
  await shingsou.createPaidOrder();
  await waitForCount(1);
  receiver.respondOk();
  await sandbox.advanceClock(16);
  expect(receiver.receivedBodies).toHaveLength(2);
});

test('attempts follow WeChat’s schedule and end after a day', async () => {
  receiver.answer({ status: 503, body: '' });
  await shingsou.createPaidOrder();
  await waitForCount(1);
  for (const [position, wait] of retryDelaysMs.entries()) {
    await sandbox.advanceClock(wait / 1000 - 2);
    expect(receiver.receivedBodies).toHaveLength(position + 1);
    await sandbox.advanceClock(2);
    expect(receiver.receivedBodies).toHaveLength(position + 2);
  }
  await sandbox.advanceClock(5 * 24 * 3600);
  expect(receiver.receivedBodies).toHaveLength(16);
});

test('a lost notification arrives later, by schedule', async () => {
  await sandbox.setFaults({ loseNotifications: true });
  await shingsou.createPaidOrder();
  await sandbox.advanceClock(20);
  expect(receiver.receivedBodies).toEqual([]);
  await sandbox.setFaults({});
  await sandbox.advanceClock(60);
  expect(receiver.receivedBodies).toHaveLength(1);
});

test('a doubled notification comes again a second later', async () => {
  await sandbox.setFaults({ doubleNotifications: true });
  await shingsou.createPaidOrder();
  await waitForCount(1);
  await sandbox.advanceClock(2);
  expect(receiver.receivedBodies).toHaveLength(2);
  expect(receiver.receivedBodies[1]).toEqual(receiver.receivedBodies[0]);
});

test('an address on another machine is never called', async () => {
  const remoteClient = await createShingsouClient(sandbox, 'http://192.0.2.1/notifications');
  const order = { ...(await remoteClient.newOrderRequest()), outTradeNo: 'ELSEWHERE-1' };
  const { orderNo } = await remoteClient.register(order);
  const { package: prepaid } = await sandbox.data<{ package: string }>(
    remoteClient.createPaymentRequest(orderNo),
  );
  await remoteClient.submitCashier({ package: prepaid, action: 'pay' });
  await sandbox.advanceClock(1);
  const { body } = await sandbox.call('/sandbox');
  expect(body).toContain('沙箱只通知本机地址');
});

test('a completed refund is notified', async () => {
  const { outTradeNo, orderNo, totalAmount } = await shingsou.createPaidOrder();
  await shingsou.refund({
    outTradeNo,
    outRefundNo: 'REFUND-1',
    totalAmount,
    refundAmount: totalAmount,
    reason: '',
  });
  await sandbox.advanceClock(3);
  expect(receiver.receivedBodies.at(-1)).toEqual({ event: 'refunded', outTradeNo, orderNo });
});
