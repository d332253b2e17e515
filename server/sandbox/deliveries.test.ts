import { endOfBeijingMonth, startOfBeijingMonth, beijingDateTime } from '@shared/beijing-time';
import { waitUntil, startWebhookReceiver } from './testing/webhook-receiver';
import { createShingsouClient, type ShingsouClient } from './testing/shingsou-client';
import { startSandbox, type TestCard, type TestSandbox } from './testing/start-sandbox';

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

interface Detail {
  expireTime: string | null;
  packages: { name: string; startTime: string; endTime: string; state: number }[];
}

const detail = (card: TestCard) =>
  sandbox.data<Detail>(sandbox.get('/cards/FlowCard/Detail', { cardNo: card.iccid }));
const usage = (card: TestCard) =>
  sandbox.data<{ totalMb: number; usedMb: number }>(
    sandbox.get('/cards/FlowCard/Data', { cardNo: card.iccid }),
  );
const statusOf = async (card: TestCard) =>
  (
    await sandbox.data<{ status: string }>(
      sandbox.get('/cards/FlowCard/Status', { cardNo: card.iccid }),
    )
  ).status;

async function cardWith(carrier: string, carrierCode: string): Promise<TestCard> {
  const cards = await sandbox.cards();
  const card = cards.find((one) => one.carrier === carrier && one.carrierCode === carrierCode);
  if (!card) throw new Error(`no ${carrier} card with ${carrierCode}`);
  return card;
}

test('a paid package is delivered within seconds of real time', async () => {
  await sandbox.setFaults({ deliverySeconds: 0.2 });
  const { outTradeNo } = await shingsou.createPaidOrder();
  await waitUntil(async () => (await shingsou.findListedOrder(outTradeNo)).deliverState === 3);
});

test('a delivery starts at once and ends after its time, and both are notified', async () => {
  const { outTradeNo, orderNo } = await shingsou.createPaidOrder();
  expect(await shingsou.findListedOrder(outTradeNo)).toMatchObject({
    payState: 1,
    deliverState: 1,
    deliveredAt: null,
  });
  await sandbox.advanceClock(4);
  expect(await shingsou.findListedOrder(outTradeNo)).toMatchObject({
    deliverState: 3,
    failReason: null,
    deliveredAt: expect.any(String) as string,
  });
  expect(receiver.receivedBodies).toEqual([
    { event: 'paid', outTradeNo, orderNo },
    { event: 'delivered', outTradeNo, orderNo },
  ]);
});

test('a package that starts now runs to the end of the month and adds to the total', async () => {
  const before = await usage(shingsou.firstCard);
  await shingsou.createPaidOrder({ productId: '110101' });
  await sandbox.advanceClock(4);
  const after = await usage(shingsou.firstCard);
  expect(after).toMatchObject({ totalMb: before.totalMb + 2048, usedMb: before.usedMb });
  expect((await detail(shingsou.firstCard)).packages.at(-1)).toMatchObject({
    state: 1,
    endTime: beijingDateTime(endOfBeijingMonth(await sandbox.now())),
  });
});

test('a package for next month waits, then runs for its months', async () => {
  const before = await usage(shingsou.firstCard);
  const now = await sandbox.now();
  await shingsou.createPaidOrder({ productId: '110201', effective: 1 });
  await sandbox.advanceClock(4);
  const start = startOfBeijingMonth(now, 1);
  expect((await detail(shingsou.firstCard)).packages.at(-1)).toMatchObject({
    state: 3,
    startTime: beijingDateTime(start),
    endTime: beijingDateTime(endOfBeijingMonth(now, 3)),
  });
  expect((await usage(shingsou.firstCard)).totalMb).toBe(before.totalMb);
  await sandbox.advanceClock((start - (await sandbox.now())) / 1000 + 60);
  await sandbox.authorise();
  expect(await usage(shingsou.firstCard)).toMatchObject({ totalMb: 12 * 1024, usedMb: 0 });
});

test.each([
  ['telecom', '5', '欠停'],
  ['telecom', '120000', '停机 because its volume is used up'],
  ['telecom', '19', '待激活'],
  ['mobile', '6', '休眠'],
  ['unicom', '2', '已停用'],
])('a %s card with code %s (%s) works again', async (carrier, carrierCode) => {
  const card = await cardWith(carrier, carrierCode);
  await shingsou.createPaidOrder({ card });
  await sandbox.advanceClock(4);
  expect(await statusOf(card)).toBe(carrier === 'mobile' ? '0' : '1');
});

test.each([
  ['telecom', '2', 'its user'],
  ['telecom', '170000', 'the carrier'],
  ['telecom', '7', 'the rules'],
])('a %s card with code %s stays stopped by %s', async (carrier, carrierCode) => {
  const card = await cardWith(carrier, carrierCode);
  await shingsou.createPaidOrder({ card });
  await sandbox.advanceClock(4);
  expect(await statusOf(card)).toBe(carrierCode);
});

test('a stopped card with a package for next month works from then on', async () => {
  const card = await cardWith('telecom', '5');
  await shingsou.createPaidOrder({ card, effective: 1 });
  await sandbox.advanceClock(4);
  expect(await statusOf(card)).toBe('5');
  const now = await sandbox.now();
  await sandbox.advanceClock((startOfBeijingMonth(now, 1) - now) / 1000);
  await sandbox.authorise();
  expect(await statusOf(card)).toBe('1');
});

test('a cancelled card accepts no package', async () => {
  const card = await cardWith('telecom', '3');
  const { outTradeNo } = await shingsou.createPaidOrder({ card });
  await sandbox.advanceClock(4);
  expect(await shingsou.findListedOrder(outTradeNo)).toMatchObject({ deliverState: 2 });
});

test('a failed delivery has a reason, changes nothing, and is notified', async () => {
  await sandbox.setFaults({ deliveryFails: true });
  const before = await usage(shingsou.firstCard);
  const { outTradeNo, orderNo } = await shingsou.createPaidOrder();
  await sandbox.advanceClock(4);
  expect(await shingsou.findListedOrder(outTradeNo)).toMatchObject({
    deliverState: 2,
    failReason: expect.stringMatching(/失败/) as string,
    deliveredAt: null,
  });
  expect((await usage(shingsou.firstCard)).totalMb).toBe(before.totalMb);
  expect(receiver.receivedBodies).toContainEqual({ event: 'deliveryFailed', outTradeNo, orderNo });
});

test('a stuck delivery continues when the fault is off', async () => {
  await sandbox.setFaults({ deliveryStuck: true });
  const { outTradeNo } = await shingsou.createPaidOrder();
  await sandbox.advanceClock(24 * 3600);
  await sandbox.authorise();
  expect(await shingsou.findListedOrder(outTradeNo)).toMatchObject({ deliverState: 1 });
  await sandbox.setFaults({});
  await sandbox.advanceClock(2);
  expect(await shingsou.findListedOrder(outTradeNo)).toMatchObject({ deliverState: 3 });
});
