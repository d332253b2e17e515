import { randomUUID } from 'node:crypto';
import type { Order } from '@shared/contract';
import { createOrderFixture, type OrderFixture } from './order-world';
import { payPaths } from './wechatpay-shop';
import { wirePaths } from './wire';
import { startSandboxPlatforms, type SandboxPlatforms, type TestChannel } from './world-platforms';

/**
 * What people wait for, on a clock that tests move: from one thing that is due to the next, as the worker
 * would find it, and never faster than a second.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let platforms: SandboxPlatforms;
let world: OrderFixture;
let worlds: OrderFixture[] = [];
beforeAll(async () => {
  platforms = await startSandboxPlatforms();
});
afterEach(async () => {
  platforms.wire.mend();
  platforms.wire.forget();
  await platforms.controls.faults();
  for (const each of worlds) await each.close();
  worlds = [];
});
afterAll(() => platforms.close());

const channels: TestChannel[] = ['shingsou', 'wechatpay'];

async function placeOrder(channel: TestChannel): Promise<Order> {
  world = await createOrderFixture(platforms, randomUUID(), channel);
  worlds.push(world);
  const { id: packageId } = world.catalogue[0]!;
  return world.placeOrder({ packageId, effective: 'now' }, randomUUID());
}

async function known(order: Order): Promise<Order> {
  const found = (await world.listOrders()).find(({ id }) => id === order.id);
  return found!;
}

async function pay(order: Order): Promise<number> {
  expect(await platforms.controls.cashier(order.payment, 'pay')).toBe('requestPayment:ok');
  return platforms.now();
}

/**
 * Lets time pass until something is so.
 * @param stepMs how late the worker may be
 * @returns when it was, epoch ms; undefined where it did not become so
 */
async function passUntil(
  limitMs: number,
  isSo: () => boolean | Promise<boolean>,
  stepMs = SECOND,
): Promise<number | undefined> {
  const start = platforms.now();
  for (;;) {
    await world.waitUntilIdle();
    const now = platforms.now();
    if (await isSo()) return now;
    if (now - start > limitMs) return undefined;
    const next = (await world.nextDue()) ?? now + limitMs;
    await platforms.moveClock(Math.max(stepMs, next - now));
  }
}

describe.each(channels)('through %s', (channel) => {
  test('a paid order is found within a minute, though every notification is lost and nobody looks', async () => {
    await platforms.controls.faults({ loseNotifications: true });
    // The least lucky moments: just after a look, while looks are many and when they have become few.
    for (const age of [0, 61, 320]) {
      const order = await placeOrder(channel);
      await platforms.moveClock(age * SECOND);
      await world.waitUntilIdle();
      const paidAt = await pay(order);
      const foundAt = await passUntil(2 * MINUTE, async () => (await known(order)).paidAt !== null);
      expect(foundAt! - paidAt).toBeLessThanOrEqual(MINUTE);
    }
  });

  test('a payment of which the question got no answer is asked about again within five seconds', async () => {
    await platforms.controls.faults({ loseNotifications: true });
    const order = await placeOrder(channel);
    await pay(order);
    const query = channel === 'shingsou' ? wirePaths.query : payPaths.queryOf(order.number);
    platforms.wire.loseAnswersOf(query);
    const unansweredAt = await passUntil(MINUTE, () => platforms.wire.count(query) > 0);
    platforms.wire.mend();
    const foundAt = await passUntil(MINUTE, async () => (await known(order)).paidAt !== null);
    expect(foundAt! - unansweredAt!).toBeLessThanOrEqual(5 * SECOND);
  });

  test('a refund whose answer was lost is looked into within five seconds', async () => {
    await platforms.controls.faults({ deliveryFails: true });
    const order = await placeOrder(channel);
    await pay(order);
    const refund = channel === 'shingsou' ? wirePaths.refund : payPaths.refund;
    platforms.wire.loseAnswersOf(refund);
    const unansweredAt = await passUntil(MINUTE, () => platforms.wire.count(refund) > 0);
    platforms.wire.mend();
    platforms.wire.forget();
    const askedAt = await passUntil(MINUTE, () => platforms.wire.count(refund) > 0);
    expect(askedAt! - unansweredAt!).toBeLessThanOrEqual(5 * SECOND);
    const refundedAt = await passUntil(MINUTE, async () => {
      return (await known(order)).state === 'refunded';
    });
    expect(refundedAt).toBeDefined();
  });
});

test('a package order whose answer was lost is looked into within five seconds', async () => {
  const order = await placeOrder('wechatpay');
  platforms.wire.loseAnswersOf(wirePaths.register);
  await pay(order);
  const unansweredAt = await passUntil(MINUTE, () => platforms.wire.count(wirePaths.register) > 0);
  platforms.wire.mend();
  platforms.wire.forget();
  const askedAt = await passUntil(MINUTE, () => platforms.wire.count(wirePaths.delivery) > 0);
  expect(askedAt! - unansweredAt!).toBeLessThanOrEqual(5 * SECOND);
});

const atRest: readonly Order['state'][] = ['delivered', 'closed', 'refunded'];

const troubles: [string, Record<string, boolean>][] = [
  ['nothing is delivered', { deliveryFails: true }],
  ['no delivery ends', { deliveryStuck: true }],
  ['refunds find no balance', { deliveryFails: true, refundNotEnough: true }],
  ['refunds are refused', { deliveryFails: true, refundRefused: true }],
  ['refunds do not arrive', { deliveryFails: true, refundAbnormal: true }],
  ['another amount was taken', { wrongAmount: true }],
  ['the card platform is away', { gatewayDown: true }],
];

describe.each<[TestChannel, typeof troubles]>([
  ['shingsou', troubles],
  ['wechatpay', [...troubles, ['the channel is away', { wechatpayDown: true }]]],
])('within 35 minutes of a payment through %s', (channel, all) => {
  test.each(all)('an order is settled or with a person: %s', async (_, faults) => {
    const order = await placeOrder(channel);
    await platforms.controls.faults({ ...faults, loseNotifications: true });
    const paidAt = await pay(order);
    const isSettled = async () => {
      const { state } = await known(order);
      return atRest.includes(state) || (await world.alerts()).length > 0;
    };
    const settledAt = await passUntil(40 * MINUTE, isSettled, 5 * SECOND);
    expect(settledAt! - paidAt).toBeLessThanOrEqual(35 * MINUTE);
  });
});
