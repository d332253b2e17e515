import { randomUUID } from 'node:crypto';
import type { Order } from '@shared/contract';
import type { ApiClient } from '../testing/api-client';
import { eventually, startStack, type Customer, type Stack } from '../testing/harness';
import {
  ledgerOf,
  storedOrder,
  newIdempotencyKey,
  placeOrder,
  waitForState,
  preparePurchase,
} from '../testing/shopping';

const MINUTE = 60_000;
const REASON = '客户反映速度慢，协商退款';
const EVIDENCE = '运营商后台工单 20260314-7 显示未到账';

let stack: Stack;
let agent: ApiClient;
let supervisor: ApiClient;
let customer: Customer;
let position = 0;
beforeAll(async () => {
  stack = await startStack();
  agent = await stack.signInStaff('agent-wu');
  supervisor = await stack.signInStaff('supervisor-li', 'supervisor');
});
beforeEach(async () => {
  customer = await stack.signIn(randomUUID());
  position += 1;
});
afterEach(() => stack.sandbox.faults());
afterAll(() => stack.close());

async function paidOrder(): Promise<Order> {
  const order = await placeOrder(customer, await preparePurchase(stack, customer, position));
  expect(await stack.sandbox.cashier(order.payment, 'pay')).toBe('requestPayment:ok');
  return order;
}

async function deliveredOrder(): Promise<Order> {
  const order = await paidOrder();
  await stack.advanceClock(4_000);
  return waitForState(customer, order.id, 'delivered');
}

/** An order whose delivery is unknown. */
async function unknownOrder(): Promise<Order> {
  await stack.sandbox.faults({ deliveryStuck: true });
  const order = await paidOrder();
  await stack.advanceClock(4_000);
  await waitForState(customer, order.id, 'delivering');
  await stack.advanceClock(11 * MINUTE);
  return waitForState(customer, order.id, 'deliveryUnknown');
}

/** An order whose captured amount differs from its price. */
async function reviewedOrder(): Promise<Order> {
  await stack.sandbox.faults({ wrongAmount: true });
  const order = await paidOrder();
  await stack.advanceClock(4_000);
  await eventually('a person is called', async () => {
    await stack.advanceClock(4_000);
    return (await viewOf(order)).alerts.some(({ kind }) => kind === 'paymentDiffers');
  });
  return waitForState(customer, order.id, 'reviewing');
}

function viewOf({ id: orderId }: Order) {
  return agent.ok('GET /support/orders/:orderId', { params: { orderId } });
}

function refundRequest({ id: orderId }: Order, amountFen: number, key = newIdempotencyKey()) {
  const headers = { 'idempotency-key': key };
  return { params: { orderId }, headers, body: { amountFen, reason: REASON } };
}

function refund(order: Order, amountFen: number, key = newIdempotencyKey()) {
  return supervisor.ok(
    'POST /support/orders/:orderId/refunds',
    refundRequest(order, amountFen, key),
  );
}

async function refundError(
  order: Order,
  amountFen: number,
  key = newIdempotencyKey(),
): Promise<string> {
  const request = refundRequest(order, amountFen, key);
  return (await supervisor.problem('POST /support/orders/:orderId/refunds', request)).code;
}

function resolutionRequest({ id: orderId }: Order, outcome: string) {
  return { params: { orderId }, body: { outcome, evidence: EVIDENCE } };
}

function resolve({ id: orderId }: Order, outcome: 'delivered' | 'notDelivered') {
  const request = { params: { orderId }, body: { outcome, evidence: EVIDENCE } };
  return supervisor.ok('POST /support/orders/:orderId/resolutions', request);
}

async function refundedFen({ number }: Order): Promise<number | undefined> {
  return (await ledgerOf(stack, number)).payment?.refundedFen;
}

async function waitForRefunds(order: Order, amountFen: number): Promise<void> {
  await eventually('the money is back', async () => {
    await stack.advanceClock(4_000);
    const { refunds } = await viewOf(order);
    const done = refunds.filter(({ state }) => state === 'done');
    return done.reduce((sum, { amountFen: part }) => sum + part, 0) === amountFen;
  });
  expect(await refundedFen(order)).toBe(amountFen);
}

describe('a refund by staff', () => {
  test('of a part of the amount leaves the order delivered, and the customer sees it', async () => {
    const order = await deliveredOrder();
    const { refund: asked } = await refund(order, 300);
    expect(asked).toMatchObject({
      number: `${order.number}R1`,
      amountFen: 300,
      reason: REASON,
      state: 'requested',
    });
    await waitForRefunds(order, 300);
    const known = await storedOrder(customer, order.id);
    expect(known).toMatchObject({ state: 'delivered', stateLabel: '已到账' });
    const events = known.events.map(({ type, label }) => `${type} ${label}`);
    expect(events.slice(-2)).toEqual(['refundAsked 发起退款 ¥3.00', 'refundPaid 退款已到账 ¥3.00']);
    expect(JSON.stringify(known)).not.toContain(REASON);
  });

  test('is shown to staff with the captured payments, and in the timeline', async () => {
    const order = await deliveredOrder();
    await refund(order, 200);
    await waitForRefunds(order, 200);
    const { captures, refunds, alerts, timeline } = await viewOf(order);
    expect(captures).toEqual([
      { transactionId: order.transactionId, amountFen: order.amountFen, paidAt: order.paidAt },
    ]);
    expect(refunds).toMatchObject([{ amountFen: 200, state: 'done', reason: REASON }]);
    expect(alerts).toEqual([]);
    const money = timeline.filter(
      ({ title }) => title.startsWith('退款') || title.startsWith('发起退款'),
    );
    expect(money.map(({ detail }) => detail)).toEqual([
      `¥2.00 ${REASON}`,
      `¥2.00 ${order.number}R1`,
    ]);
  });

  test('and further ones add up to the paid amount at most', async () => {
    const order = await deliveredOrder();
    await refund(order, 300);
    expect(await refundError(order, order.amountFen - 299)).toBe('refund.too_much');
    await refund(order, order.amountFen - 300);
    expect(await refundError(order, 1)).toBe('refund.too_much');
    await waitForRefunds(order, order.amountFen);
    expect((await storedOrder(customer, order.id)).state).toBe('delivered');
  });

  test('that is requested again with the same key is made once, with the same answer', async () => {
    const order = await deliveredOrder();
    const key = newIdempotencyKey();
    const first = await refund(order, 100, key);
    await waitForRefunds(order, 100);
    expect(await refund(order, 100, key)).toEqual(first);
    expect(await refundError(order, 101, key)).toBe('idempotency.mismatch');
    expect((await viewOf(order)).refunds).toHaveLength(1);
    // The same key of another member of the staff is a different key.
    const other = await stack.signInStaff(`other-${position}`, 'admin');
    await other.ok('POST /support/orders/:orderId/refunds', refundRequest(order, 100, key));
    expect((await viewOf(order)).refunds).toHaveLength(2);
  });

  test('is not possible if nothing was paid or a refund is in progress', async () => {
    const unpaid = await placeOrder(customer, await preparePurchase(stack, customer, position));
    expect(await refundError(unpaid, 1)).toBe('refund.not_possible');
    position += 1;
    await stack.sandbox.faults({ deliveryFails: true, refundNotEnough: true });
    const failed = await paidOrder();
    await stack.advanceClock(4_000);
    await waitForState(customer, failed.id, 'refunding');
    expect(await refundError(failed, 1)).toBe('refund.not_possible');
    await stack.sandbox.faults();
    await waitForRefunds(failed, failed.amountFen);
    expect(await refundError(failed, 1)).toBe('refund.not_possible');
  });

  test('of a payment under review must be in full', async () => {
    const order = await reviewedOrder();
    const { captures } = await viewOf(order);
    const taken = captures[0]!.amountFen;
    expect(taken).toBe(order.amountFen - 1);
    const params = { ...refundRequest(order, 300) };
    const part = await supervisor.problem('POST /support/orders/:orderId/refunds', params);
    expect(part).toMatchObject({ status: 409, code: 'refund.not_possible' });
    expect(part.detail).toContain(`¥${(taken / 100).toFixed(2)}`);
    expect(await refundError(order, order.amountFen)).toBe('refund.too_much');
    await refund(order, taken);
    await stack.sandbox.faults();
    await waitForRefunds(order, taken);
    await waitForState(customer, order.id, 'refunded');
    expect((await viewOf(order)).alerts).toEqual([]);
  });
});

describe('a resolution by staff', () => {
  test('as not delivered refunds the customer', async () => {
    const order = await unknownOrder();
    expect((await viewOf(order)).alerts).toMatchObject([{ kind: 'deliveryUnknown' }]);
    expect(await resolve(order, 'notDelivered')).toMatchObject({ state: 'deliveryFailed' });
    await waitForRefunds(order, order.amountFen);
    await waitForState(customer, order.id, 'refunded');
    const { timeline, alerts } = await viewOf(order);
    expect(timeline.map(({ detail }) => detail)).toContain(EVIDENCE);
    expect(alerts).toEqual([]);
    expect(JSON.stringify(await storedOrder(customer, order.id))).not.toContain(EVIDENCE);
  });

  test('as delivered completes the order', async () => {
    const order = await unknownOrder();
    const resolved = await resolve(order, 'delivered');
    expect(resolved).toMatchObject({ state: 'delivered', deliveredAt: expect.any(String) });
    expect(await refundedFen(order)).toBe(0);
  });

  test('of a payment under review can have either outcome', async () => {
    const kept = await reviewedOrder();
    expect(await resolve(kept, 'delivered')).toMatchObject({ state: 'delivered' });
    customer = await stack.signIn(randomUUID());
    position += 1;
    const returned = await reviewedOrder();
    expect(await resolve(returned, 'notDelivered')).toMatchObject({ state: 'refunding' });
    await stack.sandbox.faults();
    await waitForRefunds(returned, returned.amountFen - 1);
    await waitForState(customer, returned.id, 'refunded');
    expect(await refundedFen(kept)).toBe(0);
  });

  test('is refused if the order is not resolvable', async () => {
    const unpaid = await placeOrder(customer, await preparePurchase(stack, customer, position));
    position += 1;
    const delivered = await deliveredOrder();
    for (const order of [unpaid, delivered]) {
      const request = resolutionRequest(order, 'notDelivered');
      const { code } = await supervisor.problem(
        'POST /support/orders/:orderId/resolutions',
        request,
      );
      expect(code).toBe('order.not_resolvable');
    }
  });
});

test('the overview shows open alerts, orders and refunds', async () => {
  const before = await agent.ok('GET /support/overview', {});
  const order = await unknownOrder();
  const now = await agent.ok('GET /support/overview', {});
  expect(now.alerts.open).toBe(before.alerts.open + 1);
  expect(now.alerts.byKind.deliveryUnknown).toBe((before.alerts.byKind.deliveryUnknown ?? 0) + 1);
  expect(now.alerts.items).toContainEqual(
    expect.objectContaining({
      kind: 'deliveryUnknown',
      orderId: order.id,
      orderNumber: order.number,
    }),
  );
  expect(now.orders.byState.deliveryUnknown).toBe((before.orders.byState.deliveryUnknown ?? 0) + 1);
  await stack.sandbox.faults({ refundNotEnough: true });
  await resolve(order, 'notDelivered');
  await waitForState(customer, order.id, 'refunding');
  const after = await agent.ok('GET /support/overview', {});
  expect(after.refunds.open).toBe(before.refunds.open + 1);
  await stack.sandbox.faults();
  await waitForRefunds(order, order.amountFen);
});

describe('requests that move money', () => {
  test('require a supervisor, and attempts by agents are recorded', async () => {
    const order = await deliveredOrder();
    const tries = [
      await agent.problem('POST /support/orders/:orderId/refunds', refundRequest(order, 100)),
      await agent.problem(
        'POST /support/orders/:orderId/resolutions',
        resolutionRequest(order, 'delivered'),
      ),
    ];
    for (const problem of tries) {
      expect(problem).toMatchObject({ status: 403, code: 'staff.forbidden' });
    }
    const rows = stack.rows('select action, subject from audit order by id desc limit 2');
    expect(rows).toEqual([
      { action: 'order.resolve', subject: `${order.id} delivered: ${EVIDENCE}` },
      { action: 'order.refund', subject: `${order.id} 100 fen: ${REASON}` },
    ]);
    expect((await viewOf(order)).refunds).toEqual([]);
  });

  test.each([
    ['no amount', { reason: REASON }],
    ['zero', { amountFen: 0, reason: REASON }],
    ['a negative amount', { amountFen: -100, reason: REASON }],
    ['a fraction of a fen', { amountFen: 0.5, reason: REASON }],
    ['an amount as text', { amountFen: '100', reason: REASON }],
    ['more than a number holds', { amountFen: 2 ** 53, reason: REASON }],
    ['no reason', { amountFen: 100, reason: '  ' }],
    ['a reason that contains U+0000', { amountFen: 100, reason: 'slow\u0000' }],
    ['an unknown field', { amountFen: 100, reason: REASON, orderId: 'x' }],
  ])('refuse a refund with %s', async (_, body) => {
    const request = { ...refundRequest({ id: randomUUID() } as Order, 1), body };
    const { code } = await supervisor.problem('POST /support/orders/:orderId/refunds', request);
    expect(code).toBe('request.invalid');
  });

  test.each(['', 'short', 'a key with spaces in it', 'x'.repeat(65)])(
    'refuse a refund with the key “%s”',
    async (key) => {
      const request = refundRequest({ id: randomUUID() } as Order, 1, key);
      const { code } = await supervisor.problem('POST /support/orders/:orderId/refunds', request);
      expect(code).toBe('idempotency.required');
    },
  );

  test('refuse resolutions without a known outcome or evidence, and unknown orders', async () => {
    const send = async (body: object, orderId: string = randomUUID()) => {
      const request = { params: { orderId }, body };
      const route = 'POST /support/orders/:orderId/resolutions';
      return (await supervisor.problem(route, request)).code;
    };
    expect(await send({ outcome: 'lost', evidence: EVIDENCE })).toBe('request.invalid');
    expect(await send({ outcome: 'delivered' })).toBe('request.invalid');
    expect(await send({ outcome: 'delivered', evidence: 'x'.repeat(501) })).toBe('request.invalid');
    expect(await send({ outcome: 'delivered', evidence: EVIDENCE })).toBe('order.not_found');
    expect(await send({ outcome: 'delivered', evidence: EVIDENCE }, '1')).toBe('request.invalid');
  });
});
