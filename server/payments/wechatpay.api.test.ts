import { eventually } from '../testing/harness';
import { newIdempotencyKey, readOrder, storedOrder, waitForState } from '../testing/shopping';
import { openShop } from '../testing/shop';
import { payPaths, shingsouPaths } from '../testing/platform-proxy';

/** Purchases with WeChat itself: sign-in, WeChat Pay v3, and packages ordered by us. */

const MINUTE = 60_000;

const shop = openShop({ channel: 'wechatpay' });

function payAgain(orderId: string) {
  return shop.customer.ok('POST /orders/:orderId/payment', { params: { orderId } });
}

function cancel(orderId: string) {
  return shop.customer.ok('POST /orders/:orderId/cancel', { params: { orderId } });
}

/** How many requests to order an order's package were sent to the platform. */
function packageOrders(number: string): number {
  return shop.stack.platformProxy.calls.filter(
    ({ path, method, body }) =>
      path === shingsouPaths.register && method === 'POST' && body.includes(number),
  ).length;
}

describe('a purchase', () => {
  test('ends with the package on the card, one payment and one delivery', async () => {
    const usageBefore = shop.purchase.card.usage!;
    const order = await shop.placeOrder();
    expect(order.payment).toMatchObject({ signType: 'RSA' });
    expect(await shop.stack.sandbox.cashier(order.payment, 'pay')).toBe('requestPayment:ok');
    const delivered = await shop.waitFor(order, 'delivered', 1_000);
    expect(delivered.events.map(({ type }) => type)).toEqual([
      'placed',
      'awaitingPayment',
      'paid',
      'delivering',
      'delivered',
    ]);
    const { payments, delivered: times } = await shop.ledger(order);
    expect(payments).toEqual([
      expect.objectContaining({
        amountFen: shop.purchase.offer.priceFen,
        refundedFen: 0,
        transactionId: delivered.transactionId,
      }),
    ]);
    expect(times).toBe(1);
    expect(packageOrders(order.number)).toBe(1);
    const params = { cardId: shop.purchase.card.id };
    const { usage } = await shop.customer.ok('GET /cards/:cardId', { params });
    expect(usage!.totalMb).toBe(usageBefore.totalMb + shop.purchase.offer.dataMb!);
  });

  test('is completed by WeChat’s signed notification, even if no one reads the order', async () => {
    const taken = await shop.countNotifications('taken');
    const order = await shop.placeOrder();
    await shop.stack.sandbox.cashier(order.payment, 'pay');
    // The clock advances by single seconds, so it is not the order's job that finds the payment.
    const paid = await eventually('it is paid', async () => {
      const known = await storedOrder(shop.customer, order.id);
      return known.paidAt !== null && known;
    });
    expect(await shop.countNotifications('taken')).toBe(taken + 1);
    await shop.waitFor(paid, 'delivered');
  });

  test('is completed without any notification', async () => {
    await shop.stack.sandbox.faults({ loseNotifications: true });
    const order = await shop.paidOrder();
    await shop.waitFor(order, 'delivered');
    expect((await shop.ledger(order)).delivered).toBe(1);
  });
});

describe('payment parameters', () => {
  test('are returned again after the customer left the cashier, for the same number', async () => {
    const order = await shop.placeOrder();
    expect(await shop.stack.sandbox.cashier(order.payment, 'cancel')).toBe(
      'requestPayment:fail cancel',
    );
    shop.stack.platformProxy.clearCalls();
    const { payment } = await payAgain(order.id);
    expect(payment.package).not.toBe(order.payment?.package);
    const [request] = shop.stack.platformProxy.calls.filter(({ path }) => path === payPaths.order);
    expect(JSON.parse(request!.body)).toMatchObject({ out_trade_no: order.number });
    expect(await shop.stack.sandbox.cashier(payment, 'pay')).toBe('requestPayment:ok');
    await shop.waitFor(order, 'delivered');
    expect((await shop.ledger(order)).payments).toHaveLength(1);
  });

  test('of the first request cannot be paid once the second was paid', async () => {
    const order = await shop.placeOrder();
    const { payment } = await payAgain(order.id);
    expect(await shop.stack.sandbox.cashier(payment, 'pay')).toBe('requestPayment:ok');
    expect(await shop.stack.sandbox.cashier(order.payment, 'pay')).toMatch(/^requestPayment:fail /);
    await shop.waitFor(order, 'delivered');
    expect((await shop.ledger(order)).payments).toHaveLength(1);
  });

  test('are refused for a paid order, even before we were notified', async () => {
    await shop.stack.sandbox.faults({ loseNotifications: true });
    const order = await shop.paidOrder();
    const params = { orderId: order.id };
    const problem = await shop.customer.problem('POST /orders/:orderId/payment', { params });
    expect(problem).toMatchObject({ status: 409, code: 'order.already_paid', orderId: order.id });
  });

  test('whose response was lost are requested again, and paid under the same number', async () => {
    shop.stack.platformProxy.dropResponsesOf(payPaths.order);
    const answer = await shop.customer.send('POST /orders', {
      headers: { 'idempotency-key': newIdempotencyKey() },
      body: shop.purchase.body,
    });
    expect(answer.body).toMatchObject({ status: 503, code: 'payment.unavailable' });
    shop.stack.platformProxy.restore();
    const { orderId } = answer.body as { orderId: string };
    const kept = await storedOrder(shop.customer, orderId);
    const { payment } = await payAgain(orderId);
    expect(await shop.stack.sandbox.cashier(payment, 'pay')).toBe('requestPayment:ok');
    expect((await shop.waitFor(kept, 'delivered')).number).toBe(kept.number);
  });
});

describe('cancelling', () => {
  test('closes the order at WeChat Pay, where it can no longer be paid', async () => {
    const order = await shop.placeOrder();
    expect(await cancel(order.id)).toMatchObject({ state: 'closed' });
    expect(await shop.stack.sandbox.cashier(order.payment, 'pay')).toMatch(/^requestPayment:fail /);
    expect((await shop.ledger(order)).payments).toEqual([]);
  });

  test('is refused for a paid order, even before we were notified', async () => {
    await shop.stack.sandbox.faults({ loseNotifications: true });
    const order = await shop.paidOrder();
    const params = { orderId: order.id };
    const problem = await shop.customer.problem('POST /orders/:orderId/cancel', { params });
    expect(problem).toMatchObject({ status: 409, code: 'order.already_paid' });
    await shop.stack.sandbox.faults();
    await shop.waitFor(order, 'delivered');
  });

  test('does not lose a payment made while WeChat Pay is asked to close the order', async () => {
    const order = await shop.placeOrder();
    const release = shop.stack.platformProxy.holdRequestsTo(payPaths.closeOf(order.number));
    const params = { orderId: order.id };
    const cancelling = shop.customer.problem('POST /orders/:orderId/cancel', { params });
    await eventually(
      'the close request was sent',
      () => shop.stack.platformProxy.count(payPaths.closeOf(order.number)) > 0,
    );
    expect(await shop.stack.sandbox.cashier(order.payment, 'pay')).toBe('requestPayment:ok');
    release();
    expect((await cancelling).code).toBe('order.already_paid');
    await shop.waitFor(order, 'delivered');
  });

  test('succeeds even if the response to the close request was lost', async () => {
    const order = await shop.placeOrder();
    shop.stack.platformProxy.dropResponsesOf(payPaths.closeOf(order.number));
    expect(await cancel(order.id)).toMatchObject({ stateLabel: '正在取消' });
    shop.stack.platformProxy.restore();
    await shop.waitFor(order, 'closed');
    expect((await shop.ledger(order)).payments).toEqual([]);
  });
});

test('an order that is not paid closes by itself, at WeChat Pay too', async () => {
  const order = await shop.placeOrder();
  await shop.stack.advanceClock(30 * MINUTE);
  await waitForState(shop.customer, order.id, 'closed');
  expect(await shop.stack.sandbox.cashier(order.payment, 'pay')).toMatch(/^requestPayment:fail /);
});

describe('a package order whose response is lost', () => {
  test('is delivered once: it is queried, not ordered again', async () => {
    shop.stack.platformProxy.dropResponsesOf(shingsouPaths.register);
    const order = await shop.paidOrder();
    await shop.waitFor(order, 'delivered');
    expect((await shop.ledger(order)).delivered).toBe(1);
    expect((await readOrder(shop.customer, order.id)).state).toBe('delivered');
  });

  test('is delivered once, even if the request never arrived and the BFF was restarted', async () => {
    await shop.stack.sandbox.faults({ gatewayDown: true });
    const order = await shop.paidOrder();
    await shop.waitFor(order, 'delivering');
    expect((await shop.ledger(order)).delivered).toBe(0);
    await shop.stack.stopServer();
    await shop.stack.sandbox.faults();
    await shop.stack.startServer();
    await shop.waitFor(order, 'delivered');
    expect((await shop.ledger(order)).delivered).toBe(1);
  });
});
