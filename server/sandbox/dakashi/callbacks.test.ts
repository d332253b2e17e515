import { createDakashiClient } from '../testing/dakashi-client';
import { waitUntil, startWebhookReceiver } from '../testing/webhook-receiver';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let dakashi: ReturnType<typeof createDakashiClient>;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;

const ACKNOWLEDGEMENT = { status: 200, body: '{"errcode":0,"errmsg":"success"}' };

beforeEach(async () => {
  receiver = await startWebhookReceiver();
  receiver.answer(ACKNOWLEDGEMENT);
  sandbox = await startSandbox({ dakashiCallbackUrl: receiver.url });
  dakashi = createDakashiClient(sandbox);
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

const fields = { serial_no: '87000001', product_no: '110100_1024', effective: 1 };

test('the result of a recharge is sent, unsigned', async () => {
  const { order_no } = await dakashi.call('recharge', fields);
  await sandbox.advanceClock(4);
  expect(receiver.receivedBodies).toEqual([
    {
      action_type: 1,
      order_no,
      serial_no: '87000001',
      product_no: '110100_1024',
      eft_month: '1',
      status: '3',
      fee: '3.00',
    },
  ]);
});

test('a callback without the documented response is repeated three times', async () => {
  receiver.answer({ status: 200, body: '{"errcode":1}' });
  await dakashi.call('recharge', fields);
  await sandbox.advanceClock(4);
  for (const count of [3, 4, 4]) {
    await sandbox.advanceClock(60);
    expect(receiver.receivedBodies).toHaveLength(count);
  }
});

test('an answered callback is sent once, or twice under `doubleNotifications`', async () => {
  await sandbox.setFaults({ doubleNotifications: true });
  await dakashi.call('recharge', fields);
  await sandbox.advanceClock(300);
  expect(receiver.receivedBodies).toHaveLength(2);
  expect(new Set(receiver.receivedRequests.map(({ text }) => text)).size).toBe(1);
});

test('`loseNotifications` loses callbacks', async () => {
  await sandbox.setFaults({ loseNotifications: true });
  await dakashi.call('recharge', fields);
  await sandbox.advanceClock(300);
  expect(receiver.receivedBodies).toEqual([]);
});

test('the result of powering a card on is sent, success or failure', async () => {
  await dakashi.call('member/startshut', { serial_no: '87000001', action: 2 });
  await dakashi.call('member/startshut', { serial_no: '87000003', action: 1 });
  await sandbox.advanceClock(5);
  expect(receiver.receivedBodies).toEqual([
    { action_type: 2, serial_no: '87000001', operate_value: '2', status: '3', errmsg: '' },
    {
      action_type: 2,
      serial_no: '87000003',
      operate_value: '1',
      status: '2',
      errmsg: '卡已过期,无法执行复机指令',
    },
  ]);
});

test('the result of a message and the device’s reply are sent', async () => {
  const { data } = await dakashi.call('send/message', {
    serial_no: '87000001',
    content: 'hello',
    format: 0,
  });
  const { transaction_id } = data as { transaction_id: string };
  await waitUntil(() => receiver.receivedBodies.length === 2);
  expect(receiver.receivedBodies).toMatchObject([
    { action: 'submit_resp', data: { transaction_id, status: 3 } },
    { action: 'deliver_resp', data: { transaction_id, serial_no: '87000001' } },
  ]);
});

test('callbacks go to the URL that a control sets, and nowhere after it is removed', async () => {
  const { body } = await sandbox.control('PUT', 'dakashi/callback', { url: null });
  expect(body).toMatchObject({ callbackUrl: null });
  await dakashi.call('recharge', fields);
  await sandbox.advanceClock(4);
  expect(receiver.receivedBodies).toEqual([]);
  expect((await sandbox.control('PUT', 'dakashi/callback', { url: 'no address' })).status).toBe(
    400,
  );
});
