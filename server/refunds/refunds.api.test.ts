import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../testing/harness';
import {
  ledgerOf,
  newIdempotencyKey,
  placeOrder,
  readOrder,
  storedOrder,
  waitForState,
} from '../testing/shopping';
import { shingsouPaths } from '../testing/platform-proxy';
import { openShop } from '../testing/shop';

const MINUTE = 60_000;

const { stack, customer, purchase, paidOrder } = openShop();

/** Advances the clock in steps of a few seconds until the order is refunded. */
async function waitForRefund(orderId: string) {
  await eventually('the order is refunded', async () => {
    await stack.advanceClock(4_000);
    return (await storedOrder(customer, orderId)).state === 'refunded';
  });
  return storedOrder(customer, orderId);
}

describe('a delivery that fails', () => {
  test('is refunded in full, once', async () => {
    await stack.sandbox.faults({ deliveryFails: true });
    const order = await paidOrder();
    const refunded = await waitForRefund(order.id);
    const types = refunded.events.map(({ type }) => type);
    expect(types.slice(-3)).toEqual(['deliveryFailed', 'refunding', 'refunded']);
    expect(refunded.actions).toEqual(['buyAgain']);
    expect(await ledgerOf(stack, order.number)).toMatchObject({
      payment: {
        orderNumber: order.number,
        amountFen: order.amountFen,
        state: 'refunded',
        refundedFen: order.amountFen,
      },
      delivered: 0,
    });
  });

  test('is refunded once, even if the response to the refund was lost', async () => {
    await stack.sandbox.faults({ deliveryFails: true });
    stack.platformProxy.dropResponsesOf(shingsouPaths.refund);
    const order = await paidOrder();
    await stack.advanceClock(4_000);
    await waitForState(customer, order.id, 'refunding');
    await eventually(
      'the refund was requested',
      () => stack.platformProxy.count(shingsouPaths.refund) > 0,
    );
    stack.platformProxy.restore();
    await waitForRefund(order.id);
    const numbers = stack.rows('select number from refunds where order_id = ?', order.id);
    expect(numbers).toHaveLength(1);
    expect((await ledgerOf(stack, order.number)).payment?.refundedFen).toBe(order.amountFen);
  });

  test('waits for the channel’s balance, and is refunded when it suffices', async () => {
    await stack.sandbox.faults({ deliveryFails: true, refundNotEnough: true });
    const order = await paidOrder();
    await stack.advanceClock(4_000);
    await waitForState(customer, order.id, 'refunding');
    await stack.advanceClock(10_000);
    expect((await readOrder(customer, order.id)).state).toBe('refunding');
    expect((await ledgerOf(stack, order.number)).payment?.refundedFen).toBe(0);
    await stack.sandbox.faults();
    await eventually('the order is refunded', async () => {
      await stack.advanceClock(MINUTE);
      return (await storedOrder(customer, order.id)).state === 'refunded';
    });
    expect((await ledgerOf(stack, order.number)).payment?.refundedFen).toBe(order.amountFen);
  });
});

describe('a delivery that does not end', () => {
  test('becomes unknown after ten minutes, never failed, and ends when the platform reports its outcome', async () => {
    await stack.sandbox.faults({ deliveryStuck: true });
    const order = await paidOrder();
    await stack.advanceClock(4_000);
    await waitForState(customer, order.id, 'delivering');
    await stack.advanceClock(9 * MINUTE);
    expect((await readOrder(customer, order.id)).state).toBe('delivering');
    await stack.advanceClock(2 * MINUTE);
    const doubtful = await waitForState(customer, order.id, 'deliveryUnknown');
    expect(doubtful.actions).toEqual([]);
    expect((await ledgerOf(stack, order.number)).payment?.refundedFen).toBe(0);
    await stack.sandbox.faults();
    await stack.advanceClock(2 * MINUTE);
    await waitForState(customer, order.id, 'delivered');
    expect((await ledgerOf(stack, order.number)).delivered).toBe(1);
  });

  test('is refunded if the platform finally reports that it failed', async () => {
    await stack.sandbox.faults({ deliveryStuck: true });
    const order = await paidOrder();
    await stack.advanceClock(4_000);
    await waitForState(customer, order.id, 'delivering');
    await stack.advanceClock(11 * MINUTE);
    await waitForState(customer, order.id, 'deliveryUnknown');
    await stack.sandbox.faults({ deliveryFails: true });
    await stack.advanceClock(2 * MINUTE);
    await waitForRefund(order.id);
    expect((await ledgerOf(stack, order.number)).payment?.refundedFen).toBe(order.amountFen);
  });
});

/** The kinds of the open alerts about an order. */
function openAlerts(orderId: string) {
  return stack
    .rows('select kind from alerts where subject = ? and settled_at is null', orderId)
    .map(({ kind }) => kind);
}

function stateTypes({ events }: { events: { type: string }[] }) {
  return events.map(({ type }) => type);
}

describe('a payment of another amount', () => {
  test('is recorded with the channel’s amount, and refunded if the platform does not deliver', async () => {
    await stack.sandbox.faults({ wrongAmount: true, deliveryFails: true });
    const order = await paidOrder();
    const refunded = await waitForRefund(order.id);
    expect(stateTypes(refunded)).not.toContain('paid');
    expect(stack.rows('select amount_fen from captures where order_id = ?', order.id)).toEqual([
      { amount_fen: order.amountFen - 1 },
    ]);
    expect(await ledgerOf(stack, order.number)).toMatchObject({
      payment: { amountFen: order.amountFen - 1, refundedFen: order.amountFen - 1 },
      delivered: 0,
    });
  });

  test('calls a person and is not refunded if the platform delivered all the same', async () => {
    await stack.sandbox.faults({ wrongAmount: true });
    const order = await paidOrder();
    await stack.advanceClock(4_000);
    await waitForState(customer, order.id, 'reviewing');
    await eventually('a person is called', async () => {
      await stack.advanceClock(4_000);
      return openAlerts(order.id).length > 0;
    });
    expect(openAlerts(order.id)).toEqual(['paymentDiffers']);
    await stack.advanceClock(10 * MINUTE);
    await sleep(800);
    expect((await storedOrder(customer, order.id)).state).toBe('reviewing');
    expect(await ledgerOf(stack, order.number)).toMatchObject({
      payment: { refundedFen: 0 },
      delivered: 1,
    });
  });
});

describe('a payment of an order that was closed here meanwhile', () => {
  // No request closes an order that can still be paid, so the store is changed directly.
  async function payClosedOrder() {
    const open = await placeOrder(customer, purchase);
    stack.write(
      "update orders set state = 'closed', open_key = null, version = version + 1 where id = ?",
      open.id,
    );
    expect(await stack.sandbox.cashier(open.payment, 'pay')).toBe('requestPayment:ok');
    return open;
  }

  test('moves the order to `delivered` if the platform delivered', async () => {
    const open = await payClosedOrder();
    await waitForState(customer, open.id, 'reviewing');
    await stack.advanceClock(6_000);
    await waitForState(customer, open.id, 'delivered');
    expect(await ledgerOf(stack, open.number)).toMatchObject({
      payment: { refundedFen: 0 },
      delivered: 1,
    });
  });

  test('is refunded if the platform does not deliver', async () => {
    await stack.sandbox.faults({ deliveryFails: true });
    const open = await payClosedOrder();
    const refunded = await waitForRefund(open.id);
    expect(stateTypes(refunded).slice(-3)).toEqual(['reviewing', 'refunding', 'refunded']);
    expect(await ledgerOf(stack, open.number)).toMatchObject({
      payment: { state: 'refunded', refundedFen: open.amountFen },
      delivered: 0,
    });
  });
});

describe('a refund that the channel refuses', () => {
  test('is requested again at long intervals under the same number, and a person is called', async () => {
    await stack.sandbox.faults({ deliveryFails: true, refundRefused: true });
    const order = await paidOrder();
    await stack.advanceClock(4_000);
    const failed = await waitForState(customer, order.id, 'refundFailed');
    expect(failed.actions).toEqual([]);
    expect(openAlerts(order.id)).toEqual(['refundFailed']);
    stack.platformProxy.clearCalls();
    await stack.advanceClock(10 * MINUTE);
    const tries = () =>
      stack.platformProxy.calls.filter(({ path, body }) => {
        return path === shingsouPaths.refund && body.includes(`${order.number}R1`);
      }).length;
    await eventually('it is requested again', () => tries() > 0);
    await sleep(1_000);
    expect((await storedOrder(customer, order.id)).state).toBe('refundFailed');
    expect(tries()).toBe(1);
    await stack.sandbox.faults();
    await stack.advanceClock(10 * MINUTE);
    await waitForRefund(order.id);
    expect(openAlerts(order.id)).toEqual([]);
    expect((await ledgerOf(stack, order.number)).payment?.refundedFen).toBe(order.amountFen);
  });
});

test('a new order for the same package can be placed after a refund', async () => {
  await stack.sandbox.faults({ deliveryFails: true });
  const order = await paidOrder();
  await waitForRefund(order.id);
  await stack.sandbox.faults();
  const again = await customer.ok('POST /orders', {
    headers: { 'idempotency-key': newIdempotencyKey() },
    body: purchase.body,
  });
  expect(again.number).not.toBe(order.number);
});
