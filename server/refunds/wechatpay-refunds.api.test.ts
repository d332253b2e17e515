import { setTimeout as sleep } from 'node:timers/promises';
import type { Order } from '@shared/contract';
import { eventually } from '../testing/harness';
import { storedOrder, newIdempotencyKey, waitForState } from '../testing/shopping';
import { payPaths } from '../testing/platform-proxy';
import { openShop } from '../testing/shop';

/** Refunds through WeChat Pay: in full, once, and without a person if the case is clear. */

const MINUTE = 60_000;

const shop = openShop({ channel: 'wechatpay' });

/** Asserts that an order was refunded in full and not delivered. */
async function expectRefundedInFull(order: Order, paidFen = order.amountFen): Promise<void> {
  const { payments, delivered } = await shop.ledger(order);
  expect(payments.map(({ amountFen, refundedFen }) => [amountFen, refundedFen])).toEqual([
    [paidFen, paidFen],
  ]);
  expect(delivered).toBe(0);
}

function refundsOf({ id }: Order) {
  return shop.stack.rows(
    'select number, amount_fen, state, reason from refunds where order_id = ? order by id',
    id,
  );
}

/** Waits until the last refund of an order is in a state. */
async function waitForRefund(order: Order, state: string, stepMs = 4_000): Promise<void> {
  await eventually(`a refund that is ${state}`, async () => {
    await shop.stack.advanceClock(stepMs);
    return refundsOf(order).at(-1)?.state === state;
  });
}

describe('an order that was paid twice', () => {
  test('stays delivered, and the second payment is refunded by itself', async () => {
    await shop.stack.sandbox.faults({ doublePayment: true });
    const order = await shop.paidOrder();
    const { payments } = await shop.ledger(order);
    expect(payments).toHaveLength(2);
    await shop.waitFor(order, 'delivered');
    await waitForRefund(order, 'done');
    const after = await shop.ledger(order);
    expect(after.payments.map(({ refundedFen }) => refundedFen).sort()).toEqual(
      [0, order.amountFen].sort(),
    );
    expect(after.delivered).toBe(1);
    const { state, events, transactionId } = await storedOrder(shop.customer, order.id);
    expect(state).toBe('delivered');
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['paidTwice', 'refundPaid', 'delivered']),
    );
    // The payment that is kept is the one of the order's transaction.
    const kept = after.payments.find(({ refundedFen }) => refundedFen === 0);
    expect(kept?.transactionId).toBe(transactionId);
    expect(refundsOf(order)).toEqual([
      {
        number: `${order.number}R1`,
        amount_fen: order.amountFen,
        state: 'done',
        reason: 'paidTwice',
      },
    ]);
  });

  test('is refunded twice, under two refund numbers, if it cannot be delivered', async () => {
    await shop.stack.sandbox.faults({ doublePayment: true, deliveryFails: true });
    const order = await shop.paidOrder();
    await shop.waitFor(order, 'refunded');
    await waitForRefund(order, 'done');
    const { payments, delivered } = await shop.ledger(order);
    expect(payments.map(({ refundedFen }) => refundedFen)).toEqual([
      order.amountFen,
      order.amountFen,
    ]);
    expect(delivered).toBe(0);
    expect(new Set(refundsOf(order).map(({ number }) => number)).size).toBe(2);
  });

  test('has its second payment refunded even if the order changed while WeChat Pay was queried about it', async () => {
    await shop.stack.sandbox.faults({ doublePayment: true, loseNotifications: true });
    const order = await shop.paidOrder();
    await shop.stack.sandbox.faults({ deliverySeconds: 40 });
    await shop.waitFor(order, 'delivering');
    const { payments } = await shop.ledger(order);
    const release = payments.map(({ transactionId }) =>
      shop.stack.platformProxy.holdRequestsTo(payPaths.transactionOf(transactionId)),
    );
    // The lost notifications are repeated, and the second payment is queried.
    await eventually('the second payment is queried', async () => {
      await shop.stack.advanceClock(5_000);
      return payments.some(
        ({ transactionId }) =>
          shop.stack.platformProxy.count(payPaths.transactionOf(transactionId)) > 0,
      );
    });
    await shop.stack.advanceClock(40_000);
    await waitForState(shop.customer, order.id, 'delivered');
    for (const open of release) open();
    await waitForRefund(order, 'done');
    const after = await shop.ledger(order);
    expect(after.payments.map(({ refundedFen }) => refundedFen).sort()).toEqual(
      [0, order.amountFen].sort(),
    );
    expect(after.delivered).toBe(1);
  });
});

test('a payment of another amount is refunded with that amount, and nothing is ordered', async () => {
  await shop.stack.sandbox.faults({ wrongAmount: true });
  const order = await shop.paidOrder();
  const refunded = await shop.waitFor(order, 'refunded');
  expect(refunded.events.map(({ type }) => type)).toEqual([
    'placed',
    'awaitingPayment',
    'reviewing',
    'refunding',
    'refunded',
  ]);
  await expectRefundedInFull(order, order.amountFen - 1);
  expect(shop.stack.rows('select * from deliveries where order_id = ?', order.id)).toEqual([]);
});

test('a payment by another payer is refunded, and nothing is ordered', async () => {
  const order = await shop.placeOrder();
  // The channel only accepts the payer of the order, so the order is changed to another one.
  shop.stack.write("update orders set openid = 'oAnotherPayer' where id = ?", order.id);
  expect(await shop.stack.sandbox.cashier(order.payment, 'pay')).toBe('requestPayment:ok');
  await shop.waitFor(order, 'refunded');
  await expectRefundedInFull(order);
});

test('a payment of an order that was closed here meanwhile is refunded, and never delivered', async () => {
  const order = await shop.placeOrder();
  // No request closes an order that can still be paid, so the store is changed directly.
  shop.stack.write(
    "update orders set state = 'closed', open_key = null, version = version + 1 where id = ?",
    order.id,
  );
  expect(await shop.stack.sandbox.cashier(order.payment, 'pay')).toBe('requestPayment:ok');
  const refunded = await shop.waitFor(order, 'refunded');
  expect(refunded.events.map(({ type }) => type).slice(-3)).toEqual([
    'reviewing',
    'refunding',
    'refunded',
  ]);
  await expectRefundedInFull(order);
});

describe('a package that cannot be delivered', () => {
  test.each([
    ['because the merchant’s balance with the platform is short', { agentBalanceShort: true }],
    ['because the delivery fails', { deliveryFails: true }],
  ])('%s is refunded by itself', async (_, faults) => {
    await shop.stack.sandbox.faults(faults);
    const order = await shop.paidOrder();
    const refunded = await shop.waitFor(order, 'refunded');
    expect(refunded.events.map(({ type }) => type).slice(-4)).toEqual([
      'delivering',
      'deliveryFailed',
      'refunding',
      'refunded',
    ]);
    await expectRefundedInFull(order);
  });
});

describe('a refund', () => {
  beforeEach(() => shop.stack.sandbox.faults({ deliveryFails: true }));

  test('is paid once, even if the response to it was lost', async () => {
    shop.stack.platformProxy.dropResponsesOf(payPaths.refund);
    const order = await shop.paidOrder();
    await eventually('the refund was requested', async () => {
      await shop.stack.advanceClock(4_000);
      return shop.stack.platformProxy.count(payPaths.refund) > 0;
    });
    shop.stack.platformProxy.restore();
    await shop.waitFor(order, 'refunded');
    await expectRefundedInFull(order);
    expect(refundsOf(order)).toHaveLength(1);
  });

  test('waits for the merchant’s balance, calls a person, and continues by itself', async () => {
    await shop.stack.sandbox.faults({ deliveryFails: true, refundNotEnough: true });
    const order = await shop.paidOrder();
    await shop.waitFor(order, 'refunding');
    await waitForRefund(order, 'waiting');
    expect(shop.alerts(order)).toContain('refundWaiting');
    await shop.stack.sandbox.faults();
    await shop.waitFor(order, 'refunded', MINUTE);
    await expectRefundedInFull(order);
    expect(shop.alerts(order)).toEqual([]);
  });

  test('that WeChat Pay refuses calls a person, and is later paid under the same number', async () => {
    await shop.stack.sandbox.faults({ deliveryFails: true, refundRefused: true });
    const order = await shop.paidOrder();
    await shop.waitFor(order, 'refundFailed');
    expect(shop.alerts(order)).toContain('refundFailed');
    await shop.stack.sandbox.faults();
    await shop.waitFor(order, 'refunded', MINUTE);
    await expectRefundedInFull(order);
    expect(refundsOf(order)).toHaveLength(1);
    expect(shop.alerts(order)).toEqual([]);
  });

  test('that cannot be paid out never gets a second number, and calls a person', async () => {
    await shop.stack.sandbox.faults({ deliveryFails: true, refundAbnormal: true });
    const order = await shop.paidOrder();
    await shop.waitFor(order, 'refundFailed');
    expect(shop.alerts(order)).toContain('refundAbnormal');
    await shop.stack.advanceClock(25 * MINUTE);
    await sleep(700);
    expect((await storedOrder(shop.customer, order.id)).state).toBe('refundFailed');
    expect(refundsOf(order)).toHaveLength(1);
    expect((await shop.ledger(order)).payments.map(({ refundedFen }) => refundedFen)).toEqual([0]);
  });
});

test('a partial refund by staff leaves the order delivered', async () => {
  const order = await shop.paidOrder();
  await shop.waitFor(order, 'delivered');
  const supervisor = await shop.stack.signInStaff('lead', 'supervisor');
  const requestRefund = (amountFen: number, key: string) =>
    supervisor.send('POST /support/orders/:orderId/refunds', {
      params: { orderId: order.id },
      headers: { 'idempotency-key': key },
      body: { amountFen, reason: '用得不满意' },
    });
  const part = order.amountFen - 100;
  expect((await requestRefund(part, newIdempotencyKey())).status).toBe(201);
  const more = await requestRefund(101, newIdempotencyKey());
  expect(more.body).toMatchObject({ status: 409, code: 'refund.too_much' });
  await waitForRefund(order, 'done');
  const { payments, delivered } = await shop.ledger(order);
  expect([payments.map(({ refundedFen }) => refundedFen), delivered]).toEqual([[part], 1]);
  expect((await storedOrder(shop.customer, order.id)).state).toBe('delivered');
});

test('a new order for the same package can be placed after a refund', async () => {
  await shop.stack.sandbox.faults({ deliveryFails: true });
  const first = await shop.paidOrder();
  await shop.waitFor(first, 'refunded');
  await shop.stack.sandbox.faults();
  const second = await shop.paidOrder();
  expect(second.number).not.toBe(first.number);
  await shop.waitFor(second, 'delivered');
});
