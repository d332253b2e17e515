import { randomUUID } from 'node:crypto';
import type { Order } from '@shared/contract';
import { createOrderFixture, type OrderFixture } from '../order-fixture';
import { payPaths, shingsouPaths } from '../platform-proxy';
import {
  startSandboxPlatforms,
  type SandboxPlatforms,
  type TestChannel,
} from '../sandbox-platforms';

/**
 * How long customers wait, on a simulated clock that moves from one due job to the next, in steps of at least
 * a second.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let platforms: SandboxPlatforms;
let fixture: OrderFixture;
let fixtures: OrderFixture[] = [];
beforeAll(async () => {
  platforms = await startSandboxPlatforms();
});
afterEach(async () => {
  platforms.platformProxy.restore();
  platforms.platformProxy.clearCalls();
  await platforms.controls.faults();
  for (const each of fixtures) await each.close();
  fixtures = [];
});
afterAll(() => platforms.close());

const channels: TestChannel[] = ['shingsou', 'wechatpay'];

async function placeOrder(channel: TestChannel): Promise<Order> {
  fixture = await createOrderFixture(platforms, randomUUID(), channel);
  fixtures.push(fixture);
  const { id: packageId } = fixture.catalogue[0]!;
  return fixture.placeOrder({ packageId, effective: 'now' }, randomUUID());
}

async function storedOrder(order: Order): Promise<Order> {
  const found = (await fixture.listOrders()).find(({ id }) => id === order.id);
  return found!;
}

async function pay(order: Order): Promise<number> {
  expect(await platforms.controls.cashier(order.payment, 'pay')).toBe('requestPayment:ok');
  return platforms.now();
}

/**
 * Advances the clock until a condition holds.
 * @param stepMs how late the worker may be
 * @returns the instant, epoch ms; undefined if it did not hold in time
 */
async function advanceUntil(
  limitMs: number,
  condition: () => boolean | Promise<boolean>,
  stepMs = SECOND,
): Promise<number | undefined> {
  const start = platforms.now();
  for (;;) {
    await fixture.waitUntilIdle();
    const now = platforms.now();
    if (await condition()) return now;
    if (now - start > limitMs) return undefined;
    const next = (await fixture.nextDue()) ?? now + limitMs;
    await platforms.advanceClock(Math.max(stepMs, next - now));
  }
}

describe.each(channels)('through %s', (channel) => {
  test('a payment is found within a minute without a notification or a reader', async () => {
    await platforms.controls.faults({ loseNotifications: true });
    // The worst moments: just after a check, while checks are frequent and when they have become rare.
    for (const age of [0, 61, 320]) {
      const order = await placeOrder(channel);
      await platforms.advanceClock(age * SECOND);
      await fixture.waitUntilIdle();
      const paidAt = await pay(order);
      const foundAt = await advanceUntil(
        2 * MINUTE,
        async () => (await storedOrder(order)).paidAt !== null,
      );
      expect(foundAt! - paidAt).toBeLessThanOrEqual(MINUTE);
    }
  });

  test('a payment query without a response is repeated within five seconds', async () => {
    await platforms.controls.faults({ loseNotifications: true });
    const order = await placeOrder(channel);
    await pay(order);
    const query = channel === 'shingsou' ? shingsouPaths.query : payPaths.queryOf(order.number);
    platforms.platformProxy.dropResponsesOf(query);
    const unansweredAt = await advanceUntil(MINUTE, () => platforms.platformProxy.count(query) > 0);
    platforms.platformProxy.restore();
    const foundAt = await advanceUntil(
      MINUTE,
      async () => (await storedOrder(order)).paidAt !== null,
    );
    expect(foundAt! - unansweredAt!).toBeLessThanOrEqual(5 * SECOND);
  });

  test('a refund without a response is queried within five seconds', async () => {
    await platforms.controls.faults({ deliveryFails: true });
    const order = await placeOrder(channel);
    await pay(order);
    const refund = channel === 'shingsou' ? shingsouPaths.refund : payPaths.refund;
    platforms.platformProxy.dropResponsesOf(refund);
    const unansweredAt = await advanceUntil(
      MINUTE,
      () => platforms.platformProxy.count(refund) > 0,
    );
    platforms.platformProxy.restore();
    platforms.platformProxy.clearCalls();
    const askedAt = await advanceUntil(MINUTE, () => platforms.platformProxy.count(refund) > 0);
    expect(askedAt! - unansweredAt!).toBeLessThanOrEqual(5 * SECOND);
    const refundedAt = await advanceUntil(MINUTE, async () => {
      return (await storedOrder(order)).state === 'refunded';
    });
    expect(refundedAt).toBeDefined();
  });
});

test('a package order without a response is queried within five seconds', async () => {
  const order = await placeOrder('wechatpay');
  platforms.platformProxy.dropResponsesOf(shingsouPaths.register);
  await pay(order);
  const unansweredAt = await advanceUntil(
    MINUTE,
    () => platforms.platformProxy.count(shingsouPaths.register) > 0,
  );
  platforms.platformProxy.restore();
  platforms.platformProxy.clearCalls();
  const askedAt = await advanceUntil(
    MINUTE,
    () => platforms.platformProxy.count(shingsouPaths.delivery) > 0,
  );
  expect(askedAt! - unansweredAt!).toBeLessThanOrEqual(5 * SECOND);
});

const atRest: readonly Order['state'][] = ['delivered', 'closed', 'refunded'];

const faultCases: [string, Record<string, boolean>][] = [
  ['nothing is delivered', { deliveryFails: true }],
  ['no delivery ends', { deliveryStuck: true }],
  ['refunds find no balance', { deliveryFails: true, refundNotEnough: true }],
  ['refunds are refused', { deliveryFails: true, refundRefused: true }],
  ['refunds do not arrive', { deliveryFails: true, refundAbnormal: true }],
  ['another amount was taken', { wrongAmount: true }],
  ['the card platform is away', { gatewayDown: true }],
];

describe.each<[TestChannel, typeof faultCases]>([
  ['shingsou', faultCases],
  ['wechatpay', [...faultCases, ['the channel is away', { wechatpayDown: true }]]],
])('within 35 minutes of a payment through %s', (channel, all) => {
  test.each(all)('an order is finished or has an alert: %s', async (_, faults) => {
    const order = await placeOrder(channel);
    await platforms.controls.faults({ ...faults, loseNotifications: true });
    const paidAt = await pay(order);
    const isSettled = async () => {
      const { state } = await storedOrder(order);
      return atRest.includes(state) || (await fixture.alerts()).length > 0;
    };
    const settledAt = await advanceUntil(40 * MINUTE, isSettled, 5 * SECOND);
    expect(settledAt! - paidAt).toBeLessThanOrEqual(35 * MINUTE);
  });
});
