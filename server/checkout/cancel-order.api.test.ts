import type { Order } from '@shared/contract';
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

const { stack, customer, purchase } = openShop();

function cancel(orderId: string): Promise<Order> {
  return customer.ok('POST /orders/:orderId/cancel', { params: { orderId } });
}

function expectCancelError(orderId: string) {
  return customer.problem('POST /orders/:orderId/cancel', { params: { orderId } });
}

describe('cancelling an order', () => {
  test('is shown at once, and closes it as soon as the channel closes orders of that age', async () => {
    const order = await placeOrder(customer, purchase);
    const cancelling = await cancel(order.id);
    expect(cancelling).toMatchObject({ state: 'awaitingPayment', stateLabel: '正在取消' });
    expect(cancelling.actions).toEqual(['pay']);
    await stack.advanceClock(5 * MINUTE);
    const closed = await waitForState(customer, order.id, 'closed');
    expect(closed.actions).toEqual(['buyAgain']);
    expect(await stack.sandbox.cashier(order.payment, 'pay')).toMatch(/fail .*已关闭/);
    expect((await ledgerOf(stack, order.number)).payment).toBeUndefined();
  });

  test('that is five minutes old closes it at once', async () => {
    const order = await placeOrder(customer, purchase);
    await stack.advanceClock(5 * MINUTE + 1_000);
    expect((await cancel(order.id)).state).toBe('closed');
    expect((await cancel(order.id)).state).toBe('closed');
  });

  test('closes it at once although a check that began before is in progress', async () => {
    const order = await placeOrder(customer, purchase);
    const release = stack.platformProxy.holdRequestsTo(shingsouPaths.query);
    await stack.advanceClock(5 * MINUTE + 1_000);
    await eventually(
      'the job asks for the payment',
      () => stack.platformProxy.count(shingsouPaths.query) > 0,
    );
    const cancelling = cancel(order.id);
    await eventually('the request is recorded', () => {
      const [row] = stack.rows('select cancel_requested_at from orders where id = ?', order.id);
      return row?.cancel_requested_at !== null;
    });
    release();
    expect((await cancelling).state).toBe('closed');
  });

  test('twice has the same effect as once', async () => {
    const order = await placeOrder(customer, purchase);
    await cancel(order.id);
    const again = await cancel(order.id);
    const types = again.events.map(({ type }) => type);
    expect(types.filter((type) => type === 'cancelRequested')).toHaveLength(1);
  });

  test('allows a new order for the same package once it is closed', async () => {
    const order = await placeOrder(customer, purchase);
    await stack.advanceClock(5 * MINUTE + 1_000);
    await cancel(order.id);
    const next = await placeOrder(customer, purchase);
    expect(next.number).not.toBe(order.number);
  });

  test('whose payment was never created closes it at once', async () => {
    stack.platformProxy.dropResponsesOf(shingsouPaths.register);
    const problem = await customer.problem('POST /orders', {
      headers: { 'idempotency-key': newIdempotencyKey() },
      body: purchase.body,
    });
    stack.platformProxy.restore();
    expect((await cancel(problem.orderId!)).state).toBe('closed');
  });

  test('is refused if it was paid, even before we were notified', async () => {
    await stack.sandbox.faults({ loseNotifications: true });
    const order = await placeOrder(customer, purchase);
    await stack.sandbox.cashier(order.payment, 'pay');
    expect(await expectCancelError(order.id)).toMatchObject({
      status: 409,
      code: 'order.already_paid',
      orderId: order.id,
    });
    await stack.advanceClock(4_000);
    await waitForState(customer, order.id, 'delivered');
    expect((await expectCancelError(order.id)).code).toBe('order.already_paid');
    expect((await ledgerOf(stack, order.number)).payment?.refundedFen).toBe(0);
  });

  test('does not lose a payment made while the channel is asked to close it: it is delivered', async () => {
    const order = await placeOrder(customer, purchase);
    await stack.advanceClock(5 * MINUTE + 1_000);
    const release = stack.platformProxy.holdRequestsTo(shingsouPaths.close);
    const cancelling = expectCancelError(order.id);
    await stack.sandbox.cashier(order.payment, 'pay');
    release();
    expect((await cancelling).code).toBe('order.already_paid');
    await stack.advanceClock(4_000);
    await waitForState(customer, order.id, 'delivered');
  });

  test('waits while a request to create its payment may still reach the channel', async () => {
    const release = stack.platformProxy.holdRequestsTo(shingsouPaths.register);
    const placing = customer.problem('POST /orders', {
      body: purchase.body,
      headers: { 'idempotency-key': newIdempotencyKey() },
    });
    const open = await eventually('the order exists', async () => {
      return (await customer.ok('GET /orders', { query: {} })).items[0];
    });
    expect(await cancel(open.id)).toMatchObject({ state: 'created', stateLabel: '正在取消' });
    await stack.advanceClock(MINUTE);
    await waitForState(customer, open.id, 'closed');
    release();
    expect(await placing).toMatchObject({ code: 'order.not_payable' });
  });

  test('does not prevent its payment and delivery afterwards', async () => {
    const order = await placeOrder(customer, purchase);
    await cancel(order.id);
    await stack.sandbox.cashier(order.payment, 'pay');
    await stack.advanceClock(4_000);
    await waitForState(customer, order.id, 'delivered');
    const { payment, delivered } = await ledgerOf(stack, order.number);
    expect([payment?.refundedFen, delivered]).toEqual([0, 1]);
  });
});

test('paying a cancelled order withdraws the cancellation', async () => {
  const order = await placeOrder(customer, purchase);
  await cancel(order.id);
  const params = { orderId: order.id };
  const { payment } = await customer.ok('POST /orders/:orderId/payment', { params });
  expect(await storedOrder(customer, order.id)).toMatchObject({
    stateLabel: '待支付',
    actions: ['pay', 'cancel'],
  });
  await stack.advanceClock(6 * MINUTE);
  expect((await readOrder(customer, order.id)).state).toBe('awaitingPayment');
  await stack.sandbox.cashier(payment, 'pay');
  await stack.advanceClock(4_000);
  await waitForState(customer, order.id, 'delivered');
});

test('ordering the same package again withdraws the cancellation, too', async () => {
  const order = await placeOrder(customer, purchase);
  await cancel(order.id);
  const again = await placeOrder(customer, purchase);
  expect(again).toMatchObject({ id: order.id, actions: ['pay', 'cancel'] });
});

describe('an order that is not paid', () => {
  test('closes by itself after its last moment to pay, and can no longer be paid', async () => {
    const order = await placeOrder(customer, purchase);
    await stack.advanceClock(30 * MINUTE);
    await waitForState(customer, order.id, 'closed');
    expect(await stack.sandbox.cashier(order.payment, 'pay')).toMatch(/^requestPayment:fail /);
    const params = { orderId: order.id };
    const problem = await customer.problem('POST /orders/:orderId/payment', { params });
    expect(problem).toMatchObject({ status: 409, code: 'order.not_payable' });
  });

  test('is checked for a while after it is closed, and then has no job', async () => {
    const order = await placeOrder(customer, purchase);
    const jobs = () => stack.rows('select id from jobs where subject_id = ?', order.id).length;
    await stack.advanceClock(30 * MINUTE);
    await waitForState(customer, order.id, 'closed');
    expect(jobs()).toBe(1);
    await eventually('no job is left', async () => {
      await stack.advanceClock(5 * MINUTE);
      return jobs() === 0;
    });
  });

  test('until its last second is delivered', async () => {
    await stack.sandbox.faults({ loseNotifications: true });
    const order = await placeOrder(customer, purchase);
    await stack.advanceClock(Date.parse(order.payBefore) - stack.now() - 1_500);
    expect(await stack.sandbox.cashier(order.payment, 'pay')).toBe('requestPayment:ok');
    await stack.advanceClock(60_000);
    await waitForState(customer, order.id, 'delivered');
  });
});
