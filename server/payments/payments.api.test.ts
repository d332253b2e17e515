import { randomUUID } from 'node:crypto';
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

const { stack, customer, purchase, preparePurchaseFor } = openShop();

function payAgain(orderId: string) {
  return customer.ok('POST /orders/:orderId/payment', { params: { orderId } });
}

describe('a purchase', () => {
  test('ends with the package on the card, one payment and one delivery', async () => {
    const usageBefore = purchase.card.usage!;
    await stack.sandbox.faults({ deliverySeconds: 30 });
    const order = await placeOrder(customer, purchase);
    expect(await stack.sandbox.cashier(order.payment, 'pay')).toBe('requestPayment:ok');
    const paid = await readOrder(customer, order.id);
    expect(['paid', 'delivering']).toContain(paid.state);
    expect(paid.actions).toEqual([]);
    expect(paid.transactionId).toMatch(/^\d{28}$/);
    await stack.advanceClock(31_000);
    const delivered = await waitForState(customer, order.id, 'delivered');
    expect(delivered.events.map(({ type }) => type)).toEqual([
      'placed',
      'awaitingPayment',
      'paid',
      'delivering',
      'delivered',
    ]);
    expect(delivered.actions).toEqual(['buyAgain']);
    expect(Date.parse(delivered.deliveredAt!)).toBeGreaterThanOrEqual(
      Date.parse(delivered.paidAt!),
    );
    const { payment, delivered: times } = await ledgerOf(stack, order.number);
    expect(payment).toMatchObject({
      orderNumber: order.number,
      amountFen: purchase.offer.priceFen,
      state: 'paid',
      refundedFen: 0,
    });
    expect(times).toBe(1);
    const params = { cardId: purchase.card.id };
    const { usage } = await customer.ok('GET /cards/:cardId', { params });
    expect(usage!.totalMb).toBe(usageBefore.totalMb + purchase.offer.dataMb!);
  });

  test('refreshes the card’s report at once when it is delivered', async () => {
    const order = await placeOrder(customer, purchase);
    await stack.sandbox.cashier(order.payment, 'pay');
    await stack.advanceClock(4_000);
    await waitForState(customer, order.id, 'delivered');
    stack.platformProxy.clearCalls();
    await customer.ok('GET /cards/:cardId', { params: { cardId: purchase.card.id } });
    expect(stack.platformProxy.count(shingsouPaths.detail)).toBe(1);
  });

  test('of the same package is possible again once the first is settled', async () => {
    const order = await placeOrder(customer, purchase);
    await stack.sandbox.cashier(order.payment, 'pay');
    await stack.advanceClock(4_000);
    await waitForState(customer, order.id, 'delivered');
    const again = await placeOrder(customer, purchase);
    expect(again.number).not.toBe(order.number);
  });
});

describe('payment parameters', () => {
  test('are returned again after the customer left the cashier, for the same number', async () => {
    const order = await placeOrder(customer, purchase);
    await stack.sandbox.cashier(order.payment, 'cancel');
    stack.platformProxy.clearCalls();
    const { payment } = await payAgain(order.id);
    expect(payment.package).not.toBe(order.payment?.package);
    const [register] = stack.platformProxy.calls.filter(
      ({ path }) => path === shingsouPaths.register,
    );
    expect(register?.body).toContain(order.number);
    expect(await stack.sandbox.cashier(payment, 'pay')).toBe('requestPayment:ok');
    await stack.advanceClock(4_000);
    await waitForState(customer, order.id, 'delivered');
    expect((await ledgerOf(stack, order.number)).payment?.amountFen).toBe(purchase.offer.priceFen);
  });

  test('are refused for a paid order, even before we were notified', async () => {
    await stack.sandbox.faults({ loseNotifications: true });
    const order = await placeOrder(customer, purchase);
    await stack.sandbox.cashier(order.payment, 'pay');
    const params = { orderId: order.id };
    const problem = await customer.problem('POST /orders/:orderId/payment', { params });
    expect(problem).toMatchObject({ status: 409, code: 'order.already_paid', orderId: order.id });
  });

  test('are refused for a repeated order if the open order turns out to be paid', async () => {
    await stack.sandbox.faults({ loseNotifications: true });
    const order = await placeOrder(customer, purchase);
    await stack.sandbox.cashier(order.payment, 'pay');
    const problem = await customer.problem('POST /orders', {
      headers: { 'idempotency-key': newIdempotencyKey() },
      body: purchase.body,
    });
    expect(problem).toMatchObject({ status: 409, code: 'order.already_paid', orderId: order.id });
  });

  test('are refused after the last moment to pay', async () => {
    const order = await placeOrder(customer, purchase);
    await stack.advanceClock(30 * 60_000);
    const params = { orderId: order.id };
    const problem = await customer.problem('POST /orders/:orderId/payment', { params });
    expect(problem).toMatchObject({ status: 409, code: 'order.not_payable', orderId: order.id });
  });

  test.each([
    ['of the registration', shingsouPaths.register],
    ['of the payment parameters', shingsouPaths.appletPay],
  ])(
    'where the answer %s is lost: the order is kept and paid under the same number',
    async (_, path) => {
      stack.platformProxy.dropResponsesOf(path);
      const answer = await customer.send('POST /orders', {
        headers: { 'idempotency-key': newIdempotencyKey() },
        body: purchase.body,
      });
      expect(answer.body).toMatchObject({ status: 503, code: 'payment.unavailable' });
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      const { orderId } = answer.body as { orderId: string };
      const kept = await storedOrder(customer, orderId);
      expect(kept).toMatchObject({ state: 'created', actions: ['pay', 'cancel'] });
      stack.platformProxy.restore();
      const { payment } = await payAgain(orderId);
      await stack.sandbox.cashier(payment, 'pay');
      await stack.advanceClock(4_000);
      const delivered = await waitForState(customer, orderId, 'delivered');
      expect(delivered.number).toBe(kept.number);
      expect((await ledgerOf(stack, kept.number)).delivered).toBe(1);
    },
  );
});

describe('a payment is found', () => {
  test('when a customer reads the order, even if every notification is lost', async () => {
    await stack.sandbox.faults({ loseNotifications: true });
    const order = await placeOrder(customer, purchase);
    await stack.sandbox.cashier(order.payment, 'pay');
    expect((await readOrder(customer, order.id)).paidAt).not.toBeNull();
  });

  test('by the order’s job, even if no one reads it and every notification is lost', async () => {
    await stack.sandbox.faults({ loseNotifications: true });
    const order = await placeOrder(customer, purchase);
    await stack.sandbox.cashier(order.payment, 'pay');
    await stack.advanceClock(11_000);
    await waitForState(customer, order.id, 'delivered');
  });

  test('not before it is made, however often the order is read', async () => {
    const order = await placeOrder(customer, purchase);
    for (let count = 0; count < 3; count += 1) {
      await stack.advanceClock(12_000);
      expect((await readOrder(customer, order.id)).state).toBe('awaitingPayment');
    }
    expect((await ledgerOf(stack, order.number)).payment).toBeUndefined();
  });
});

describe('the platform’s token', () => {
  test('is renewed when the platform revokes it, and no call fails', async () => {
    const order = await placeOrder(customer, purchase);
    await stack.sandbox.faults({ revokeToken: true });
    stack.platformProxy.clearCalls();
    const { payment } = await payAgain(order.id);
    expect(stack.platformProxy.count(shingsouPaths.token)).toBe(1);
    await stack.sandbox.faults({ revokeToken: true });
    await stack.sandbox.cashier(payment, 'pay');
    expect((await readOrder(customer, order.id)).paidAt).not.toBeNull();
  });

  test('is renewed once, however many concurrent calls find it revoked', async () => {
    const orders = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const another = await stack.signIn(randomUUID());
        return { another, purchase: await preparePurchaseFor(another) };
      }),
    );
    await stack.sandbox.faults({ revokeToken: true });
    stack.platformProxy.clearCalls();
    await Promise.all(orders.map((each) => placeOrder(each.another, each.purchase)));
    expect(stack.platformProxy.count(shingsouPaths.token)).toBe(1);
  });

  test('is renewed when it expires', async () => {
    await stack.advanceClock(3 * 60 * 60_000);
    stack.platformProxy.clearCalls();
    await placeOrder(customer, purchase);
    expect(stack.platformProxy.count(shingsouPaths.token)).toBe(1);
  });
});

test('while the channel is down an order is shown as stored, and settled afterwards', async () => {
  const order = await placeOrder(customer, purchase);
  await stack.sandbox.faults({ gatewayDown: true });
  await stack.sandbox.cashier(order.payment, 'pay');
  await stack.advanceClock(2_000);
  expect((await readOrder(customer, order.id)).state).toBe('awaitingPayment');
  const params = { orderId: order.id };
  const problem = await customer.problem('POST /orders/:orderId/payment', { params });
  expect(problem.code).toBe('payment.unavailable');
  await stack.sandbox.faults();
  await eventually(
    'the order is delivered',
    async () => {
      await stack.advanceClock(10_000);
      return (await storedOrder(customer, order.id)).state === 'delivered';
    },
    15_000,
  );
  expect((await ledgerOf(stack, order.number)).delivered).toBe(1);
});
