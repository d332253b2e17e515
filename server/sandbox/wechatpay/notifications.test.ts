import type { IncomingHttpHeaders } from 'node:http';
import { retryDelaysMs } from '../notification-schedule';
import {
  createWechatPayClient,
  decrypt,
  hasValidSignature,
  type WechatPayClient,
  type Resource,
} from '../testing/wechatpay-client';
import { waitUntil, startWebhookReceiver, type ReceivedRequest } from '../testing/webhook-receiver';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
let wechatPay: WechatPayClient;

beforeEach(async () => {
  sandbox = await startSandbox();
  receiver = await startWebhookReceiver();
  receiver.answer({ status: 204, body: '' });
  wechatPay = await createWechatPayClient(sandbox, receiver.url);
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

interface PayNotification {
  id: string;
  create_time: string;
  event_type: string;
  resource_type: string;
  summary: string;
  resource: Resource;
}

const waitForCount = (count: number) => waitUntil(() => receiver.receivedRequests.length === count);
const parseNotification = ({ text }: ReceivedRequest) => JSON.parse(text) as PayNotification;
const header = (headers: IncomingHttpHeaders, name: string) => String(headers[name] ?? '');

/** Whether WeChat Pay signed it. */
const isSignatureValid = ({ headers, text }: ReceivedRequest) =>
  hasValidSignature(wechatPay.platformKey, (name) => header(headers, name), text);

function content(receivedAt: ReceivedRequest): Record<string, unknown> {
  const { resource } = parseNotification(receivedAt);
  return JSON.parse(decrypt(wechatPay.apiV3Key, resource)) as Record<string, unknown>;
}

function receivedAt(position: number): ReceivedRequest {
  const found = receiver.receivedRequests.at(position);
  if (!found) throw new Error(`nothing arrived at ${String(position)}`);
  return found;
}

test('a payment is notified at once, signed and encrypted', async () => {
  const { number } = await wechatPay.createPaidOrder();
  await waitForCount(1);
  const [notice] = receiver.receivedRequests.map(parseNotification);
  expect(notice).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    create_time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:]{8}\+08:00$/) as string,
    event_type: 'TRANSACTION.SUCCESS',
    resource_type: 'encrypt-resource',
    resource: {
      algorithm: 'AEAD_AES_256_GCM',
      original_type: 'transaction',
      associated_data: 'transaction',
      nonce: expect.stringMatching(/^.{12}$/) as string,
    },
  });
  expect(isSignatureValid(receivedAt(0))).toBe(true);
  expect(receivedAt(0).headers).toMatchObject({
    'wechatpay-serial': sandbox.settings.WECHATPAY_PUBLIC_KEY_ID,
    'content-type': 'application/json',
  });
  const { body } = await wechatPay.query(number);
  expect(content(receivedAt(0))).toEqual(body);
});

test('it is signed by the certificate’s key while that is in force', async () => {
  await sandbox.setFaults({ wechatpayCertificate: true });
  await wechatPay.createPaidOrder();
  await waitForCount(1);
  const { data } = (await wechatPay.get('/v3/certificates')).body as {
    data: [{ serial_no: string }];
  };
  expect(header(receivedAt(0).headers, 'wechatpay-serial')).toBe(data[0].serial_no);
  expect(isSignatureValid(receivedAt(0))).toBe(false);
});

test.each([
  [{ status: 200, body: '{"code":"FAIL"}' }, 1],
  [{ status: 204, body: '' }, 1],
  [{ status: 500, body: '{"code":"FAIL","message":"later"}' }, 2],
  [{ status: 404, body: '' }, 2],
])('only the status acknowledges: after %j it was sent %i times', async (answer, times) => {
  receiver.answer(answer);
  await wechatPay.createPaidOrder();
  await waitForCount(1);
  await sandbox.advanceClock(16);
  expect(receiver.receivedRequests).toHaveLength(times);
});

test('it is repeated by WeChat’s schedule, with the same id, encrypted and signed again', async () => {
  receiver.answer({ status: 500, body: '' });
  await wechatPay.createPaidOrder();
  await waitForCount(1);
  for (const wait of retryDelaysMs) await sandbox.advanceClock(wait / 1000 + 1);
  await sandbox.advanceClock(24 * 3600);
  expect(receiver.receivedRequests).toHaveLength(16);
  const notices = receiver.receivedRequests.map(parseNotification);
  expect(new Set(notices.map(({ id, create_time: time }) => `${id} ${time}`)).size).toBe(1);
  expect(new Set(notices.map(({ resource }) => resource.nonce)).size).toBe(16);
  expect(receiver.receivedRequests.every(isSignatureValid)).toBe(true);
});

test.each([
  ['SUCCESS', {}, 'REFUND.SUCCESS'],
  ['ABNORMAL', { refundAbnormal: true }, 'REFUND.ABNORMAL'],
])('a refund that ended as %s is notified', async (status, faults, event) => {
  const { number } = await wechatPay.createPaidOrder();
  await sandbox.setFaults(faults);
  await wechatPay.refund(number, { amount: { refund: 500, total: 1800, currency: 'CNY' } });
  await sandbox.advanceClock(3);
  await waitForCount(2);
  expect(parseNotification(receivedAt(1))).toMatchObject({
    event_type: event,
    resource: { original_type: 'refund' },
  });
  expect(isSignatureValid(receivedAt(1))).toBe(true);
  const notification = content(receivedAt(1));
  expect(notification).toMatchObject({
    mchid: wechatPay.mchid,
    out_trade_no: number,
    out_refund_no: 'REFUND-1',
    refund_status: status,
    amount: { total: 1800, refund: 500, payer_total: 1800, payer_refund: 500 },
  });
  expect('success_time' in notification).toBe(status === 'SUCCESS');
});

test('a refund without a notify URL is not notified', async () => {
  const { number } = await wechatPay.createPaidOrder();
  await wechatPay.refund(number, { notify_url: undefined });
  await sandbox.advanceClock(3);
  expect(receiver.receivedRequests).toHaveLength(1);
});

test('lost notifications arrive later, duplicates twice', async () => {
  await sandbox.setFaults({ loseNotifications: true });
  await wechatPay.createPaidOrder();
  await sandbox.advanceClock(2);
  expect(receiver.receivedRequests).toHaveLength(0);
  await sandbox.setFaults({ doubleNotifications: true });
  await sandbox.advanceClock(20);
  expect(receiver.receivedRequests).toHaveLength(1);
  await wechatPay.createPaidOrder();
  await waitForCount(2);
  await sandbox.advanceClock(2);
  expect(receiver.receivedRequests).toHaveLength(3);
  expect(parseNotification(receivedAt(2)).id).toBe(parseNotification(receivedAt(1)).id);
});

test('a signature probe is sent first, and accepting it acknowledges nothing', async () => {
  await sandbox.setFaults({ signatureProbes: true });
  receiver.answer((one) => ({ status: isSignatureValid(one) ? 503 : 200, body: '' }));
  await wechatPay.createPaidOrder();
  await waitForCount(2);
  expect(header(receivedAt(0).headers, 'wechatpay-signature')).toMatch(/^WECHATPAY\/SIGNTEST\//);
  expect(receiver.receivedRequests.map(isSignatureValid)).toEqual([false, true]);
  await sandbox.setFaults({});
  await sandbox.advanceClock(16);
  expect(receiver.receivedRequests).toHaveLength(3);
});

test('a forgery is sent first, with another amount and another key', async () => {
  await sandbox.setFaults({ forgedNotifications: true });
  await wechatPay.createPaidOrder();
  await waitForCount(2);
  expect(receiver.receivedRequests.map(isSignatureValid)).toEqual([false, true]);
  expect(
    receiver.receivedRequests.map((one) => (content(one) as { amount: object }).amount),
  ).toMatchObject([{ total: 1 }, { total: 1800 }]);
});

test('a stale notification has a time stamp ten minutes old and a valid signature', async () => {
  await sandbox.setFaults({ staleNotifications: true });
  await wechatPay.createPaidOrder();
  await waitForCount(1);
  const age = (await sandbox.now()) / 1000 - Number(receivedAt(0).headers['wechatpay-timestamp']);
  expect(age).toBeGreaterThan(595);
  expect(age).toBeLessThan(605);
  expect(isSignatureValid(receivedAt(0))).toBe(true);
});

test('under `reorderNotifications` the second of two overtakes the first', async () => {
  await sandbox.setFaults({ reorderNotifications: true });
  const first = await wechatPay.createPaidOrder();
  const second = await wechatPay.createPaidOrder();
  await waitForCount(1);
  await sandbox.advanceClock(11);
  const order = receiver.receivedRequests.map((one) => content(one).out_trade_no);
  expect(order).toEqual([second.number, first.number]);
});

test('under `reorderNotifications` a single one is delayed', async () => {
  await sandbox.setFaults({ reorderNotifications: true });
  await wechatPay.createPaidOrder();
  await sandbox.advanceClock(5);
  expect(receiver.receivedRequests).toHaveLength(0);
  await sandbox.advanceClock(6);
  expect(receiver.receivedRequests).toHaveLength(1);
});

test('the page shows deliberate faults', async () => {
  await sandbox.setFaults({ signatureProbes: true, forgedNotifications: true });
  const { number } = await wechatPay.createPaidOrder();
  await waitForCount(3);
  await waitUntil(async () => {
    const page = String((await sandbox.call('/sandbox')).body);
    return ['签名探测', '伪造', '微信支付订单', number].every((text) => page.includes(text));
  });
});
