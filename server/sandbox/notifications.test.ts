import { retryDelaysMs } from './notification-schedule';
import { eventually, startReceiver } from './testing/receiver';
import { createShopper, type Shopper } from './testing/shopper';
import { startSandbox, type TestSandbox } from './testing/start-sandbox';

let sandbox: TestSandbox;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let shopper: Shopper;

beforeEach(async () => {
  // Deliveries are kept out of the way: they notify, too.
  sandbox = await startSandbox({ deliverySeconds: 864_000 });
  receiver = await startReceiver();
  shopper = await createShopper(sandbox, receiver.url);
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

const arrived = (count: number) => eventually(() => receiver.received.length === count);

test('a payment is told at once, without amounts or names', async () => {
  const { outTradeNo, orderNo } = await shopper.paid();
  await arrived(1);
  expect(receiver.received).toEqual([{ event: 'paid', outTradeNo, orderNo }]);
});

test('what was acknowledged is not told again', async () => {
  await shopper.paid();
  await arrived(1);
  await sandbox.pass(3600);
  expect(receiver.received).toHaveLength(1);
});

test.each([
  ['another status', { status: 500, body: '{"code":200}' }],
  ['204 without a body', { status: 204, body: '' }],
  ['another code', { status: 200, body: '{"code":"FAIL"}' }],
  ['no JSON', { status: 200, body: 'OK' }],
  ['an endless answer', { status: 200, body: 'x'.repeat(100_000) }],
])('an answer with %s is no acknowledgement', async (_case, answer) => {
  receiver.answer(answer);
  await shopper.paid();
  await arrived(1);
  await sandbox.pass(16);
  expect(receiver.received).toHaveLength(2);
});

test('a receiver that says nothing within five seconds is asked again', async () => {
  receiver.answer('silence');
  await shopper.paid();
  await arrived(1);
  receiver.acknowledge();
  await sandbox.pass(16);
  expect(receiver.received).toHaveLength(2);
});

test('attempts follow WeChat’s schedule and end after a day', async () => {
  receiver.answer({ status: 503, body: '' });
  await shopper.paid();
  await arrived(1);
  for (const [position, wait] of retryDelaysMs.entries()) {
    await sandbox.pass(wait / 1000 - 2);
    expect(receiver.received).toHaveLength(position + 1);
    await sandbox.pass(2);
    expect(receiver.received).toHaveLength(position + 2);
  }
  await sandbox.pass(5 * 24 * 3600);
  expect(receiver.received).toHaveLength(16);
});

test('a lost notification arrives later, by schedule', async () => {
  await sandbox.setFaults({ loseNotifications: true });
  await shopper.paid();
  await sandbox.pass(20);
  expect(receiver.received).toEqual([]);
  await sandbox.setFaults({});
  await sandbox.pass(60);
  expect(receiver.received).toHaveLength(1);
});

test('a doubled notification comes again a second later', async () => {
  await sandbox.setFaults({ doubleNotifications: true });
  await shopper.paid();
  await arrived(1);
  await sandbox.pass(2);
  expect(receiver.received).toHaveLength(2);
  expect(receiver.received[1]).toEqual(receiver.received[0]);
});

test('an address on another machine is never called', async () => {
  const elsewhere = await createShopper(sandbox, 'http://192.0.2.1/notifications');
  const order = { ...(await elsewhere.content()), outTradeNo: 'ELSEWHERE-1' };
  const { orderNo } = await elsewhere.register(order);
  const { package: prepaid } = await sandbox.data<{ package: string }>(elsewhere.askSheet(orderNo));
  await elsewhere.cashier({ package: prepaid, action: 'pay' });
  await sandbox.pass(1);
  const { body } = await sandbox.call('/sandbox');
  expect(body).toContain('沙箱只通知本机地址');
});

test('a refund that is through is told', async () => {
  const { outTradeNo, orderNo, totalAmount } = await shopper.paid();
  await shopper.refund({
    outTradeNo,
    outRefundNo: 'REFUND-1',
    totalAmount,
    refundAmount: totalAmount,
    reason: '',
  });
  await sandbox.pass(3);
  expect(receiver.received.at(-1)).toEqual({ event: 'refunded', outTradeNo, orderNo });
});
