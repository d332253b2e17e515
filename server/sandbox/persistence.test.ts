import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from './create-sandbox';
import { eventually } from './testing/receiver';
import { createShopper } from './testing/shopper';
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

test('a sandbox goes on where the one before it ended, deliveries under way included', async () => {
  const first = await startSandbox({ dataFile, seed: 'kept', clock: Date.now });
  const shopper = await createShopper(first);
  await first.setFaults({ loseNotifications: true });
  const { outTradeNo } = await shopper.paid();
  const cards = await first.cards();
  await first.pass(1);
  const before = await first.now();
  await first.close();

  const second = await startSandbox({ dataFile, seed: 'another', clock: Date.now });
  expect(await second.cards()).toEqual(cards);
  expect(second.settings.SHINGSOU_CLIENT_ID).toBe(first.settings.SHINGSOU_CLIENT_ID);
  expect(await second.now()).toBeGreaterThanOrEqual(before);
  expect((await second.call('/sandbox/faults')).body).toMatchObject({ loseNotifications: true });
  await second.pass(4);
  const { body } = await second.call('/sandbox/ledger');
  expect(body).toMatchObject({
    payments: [{ orderNumber: outTradeNo }],
    deliveries: [{ orderNumber: outTradeNo }],
  });
  await second.close();
});

test('changes are saved shortly after they happen, as one whole file', async () => {
  const sandbox = await startSandbox({ dataFile });
  await eventually(() => existsSync(dataFile));
  expect(readdirSync(join(folder, 'deeper'))).toEqual(['sandbox.json']);
  await sandbox.close();
});

test.each([
  ['no JSON', '{"version":'],
  ['something else', '{"version":1,"cards":[]}'],
])('a file with %s is left alone and named', (_case, text) => {
  const file = join(folder, 'other.json');
  writeFileSync(file, text);
  expect(() => createSandbox({ dataFile: file })).toThrow(
    `${file} does not hold the state of a sandbox`,
  );
});

test('many sandboxes live side by side, and an address that is taken is refused', async () => {
  const sandboxes = await Promise.all(['a', 'b', 'c'].map((seed) => startSandbox({ seed })));
  expect(new Set(sandboxes.map(({ url }) => url)).size).toBe(3);
  const taken = Number(new URL(sandboxes[0]?.url ?? '').port);
  await expect(createSandbox().listen(taken)).rejects.toThrow(/EADDRINUSE/);
  await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
});

test('closing ends calls that were never to be answered', async () => {
  const sandbox = await startSandbox();
  const shopper = await createShopper(sandbox);
  const order = await shopper.content();
  await sandbox.setFaults({ paymentPostTimeout: true, gatewaySlowMs: 60_000 });
  const unanswered = sandbox.post('/payment/Payment', order).catch(() => 'cut off');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const start = performance.now();
  await sandbox.close();
  expect(await unanswered).toBe('cut off');
  expect(performance.now() - start).toBeLessThan(1000);
});
