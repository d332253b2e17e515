import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from './create-sandbox';
import { createWechatPayClient } from './testing/wechatpay-client';
import { waitUntil } from './testing/webhook-receiver';
import { createShingsouClient } from './testing/shingsou-client';
import { startSandbox } from './testing/start-sandbox';

let folder: string;
let dataFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  dataFile = join(folder, 'deeper', 'sandbox.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a sandbox continues from a saved state, with pending deliveries', async () => {
  const first = await startSandbox({ dataFile, seed: 'kept', clock: Date.now });
  const shingsou = await createShingsouClient(first);
  await first.setFaults({ loseNotifications: true });
  const { outTradeNo } = await shingsou.createPaidOrder();
  const cards = await first.cards();
  await first.advanceClock(1);
  const before = await first.now();
  await first.close();

  const second = await startSandbox({ dataFile, seed: 'another', clock: Date.now });
  expect(await second.cards()).toEqual(cards);
  expect(second.settings.SHINGSOU_CLIENT_ID).toBe(first.settings.SHINGSOU_CLIENT_ID);
  expect(await second.now()).toBeGreaterThanOrEqual(before);
  expect((await second.call('/sandbox/faults')).body).toMatchObject({ loseNotifications: true });
  await second.advanceClock(4);
  const { body } = await second.call('/sandbox/ledger');
  expect(body).toMatchObject({
    payments: [{ orderNumber: outTradeNo }],
    deliveries: [{ orderNumber: outTradeNo }],
  });
  await second.close();
});

test('keys, payments and pending refunds are saved', async () => {
  const first = await startSandbox({ dataFile, clock: Date.now });
  const { number } = await createWechatPayClient(first).then(async (wechatPay) => {
    const order = await wechatPay.createPaidOrder();
    await wechatPay.refund(order.number);
    return order;
  });
  await first.close();

  const second = await startSandbox({ dataFile, clock: Date.now });
  const names = Object.keys(first.settings).filter((name) => !name.endsWith('_URL'));
  for (const name of names) expect(second.settings[name]).toBe(first.settings[name]);
  const wechatPay = await createWechatPayClient(second);
  await second.advanceClock(4);
  const { body } = await wechatPay.queryRefund('REFUND-1');
  expect(body).toMatchObject({ out_trade_no: number, status: 'SUCCESS' });
  await second.close();
});

/** Fields that version 1 of the file did not have. */
const ADDED_IN_VERSION_2 = ['stableToken', 'payKeys', 'trades', 'transactions', 'tradeRefunds'];
const ORDER_FIELDS_ADDED_IN_VERSION_2 = ['paidBy', 'takenFen'];

function without(value: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

test('a file of version 1 is loaded: its order is delivered, and newer features work', async () => {
  const first = await startSandbox({ dataFile, clock: Date.now });
  const { outTradeNo } = await createShingsouClient(first).then((shingsou) =>
    shingsou.createPaidOrder(),
  );
  await first.close();
  const state = JSON.parse(readFileSync(dataFile, 'utf8')) as {
    faults: { garbage: boolean };
    orders: object[];
    prepays: object[];
    notifications: object[];
  };
  const old = {
    ...without(state, ADDED_IN_VERSION_2),
    version: 1,
    faults: { garbage: false },
    orders: state.orders.map((order) => without(order, ORDER_FIELDS_ADDED_IN_VERSION_2)),
    prepays: state.prepays.map((prepay) => without(prepay, ['channel'])),
    notifications: state.notifications.map((one) =>
      without(one, ['channel', 'content', 'createdAt']),
    ),
  };
  writeFileSync(dataFile, JSON.stringify(old));

  const second = await startSandbox({ dataFile, clock: Date.now });
  await second.advanceClock(4);
  const { body } = await second.call('/sandbox/ledger');
  expect(body).toMatchObject({
    payments: [{ orderNumber: outTradeNo, amountFen: 990 }],
    deliveries: [{ orderNumber: outTradeNo }],
  });
  const wechatPay = await createWechatPayClient(second);
  await wechatPay.createPaidOrder();
  await second.close();
});

test('changes are saved after a short delay, atomically', async () => {
  const sandbox = await startSandbox({ dataFile });
  await waitUntil(() => existsSync(dataFile));
  expect(readdirSync(join(folder, 'deeper'))).toEqual(['sandbox.json']);
  await sandbox.close();
});

test.each([
  ['no JSON', '{"version":'],
  ['something else', '{"version":1,"cards":[]}'],
  ['the state of a later version', '{"version":3}'],
])('a file with %s is not overwritten, and the error names it', (_case, text) => {
  const file = join(folder, 'other.json');
  writeFileSync(file, text);
  expect(() => createSandbox({ dataFile: file })).toThrow(
    `${file} does not hold the state of a sandbox`,
  );
});

test('several sandboxes can run at once, and a port in use is an error', async () => {
  const sandboxes = await Promise.all(['a', 'b', 'c'].map((seed) => startSandbox({ seed })));
  expect(new Set(sandboxes.map(({ url }) => url)).size).toBe(3);
  const usedPort = Number(new URL(sandboxes[0]?.url ?? '').port);
  await expect(createSandbox().listen(usedPort)).rejects.toThrow(/EADDRINUSE/);
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
});

test('closing ends calls that would never be answered', async () => {
  const sandbox = await startSandbox();
  const shingsou = await createShingsouClient(sandbox);
  const order = await shingsou.newOrderRequest();
  await sandbox.setFaults({ paymentPostTimeout: true, gatewaySlowMs: 60_000 });
  const pendingRequest = sandbox.post('/payment/Payment', order).catch(() => 'cut off');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const start = performance.now();
  await sandbox.close();
  expect(await pendingRequest).toBe('cut off');
  expect(performance.now() - start).toBeLessThan(1000);
});
