import type { Order } from '@shared/contract';
import { eventually } from '../testing/harness';
import { newIdempotencyKey, storedOrder } from '../testing/shopping';
import { payPaths } from '../testing/platform-proxy';
import { openShop } from '../testing/shop';

/** Errors of WeChat Pay that are not signed prove nothing: an order stays as it was until one is signed. */

const MINUTE = 60_000;

const shop = openShop({ channel: 'wechatpay' });

/** The order without what only says when it was read. */
async function stateOf({ id }: Pick<Order, 'id'>) {
  const { state, stateLabel, events } = await storedOrder(shop.customer, id);
  return { state, stateLabel, events };
}

function refundsOf({ id }: Order) {
  return shop.stack.rows('select number, state from refunds where order_id = ?', id);
}

async function expectPaymentUnavailable({ id }: Order): Promise<void> {
  const params = { orderId: id };
  const problem = await shop.customer.problem('POST /orders/:orderId/payment', { params });
  expect(problem).toMatchObject({ status: 503, code: 'payment.unavailable', orderId: id });
}

/** Advances the clock until a path was called three more times. */
async function waitForCalls(path: string, stepMs = 4_000): Promise<void> {
  const { platformProxy } = shop.stack;
  const before = platformProxy.count(path);
  await eventually(`three calls of ${path}`, async () => {
    await shop.stack.advanceClock(stepMs);
    return platformProxy.count(path) >= before + 3;
  });
}

describe('while its errors are unsigned, WeChat Pay', () => {
  test('that refuses a payment request as paid leaves the order payable, and its payment is found later', async () => {
    const order = await shop.placeOrder();
    const before = await stateOf(order);
    await shop.stack.sandbox.faults({ unsignedErrors: true, loseNotifications: true });
    await shop.stack.sandbox.cashier(order.payment, 'pay');
    shop.stack.platformProxy.dropRequestsTo(payPaths.queryOf(order.number));
    await expectPaymentUnavailable(order);
    expect(await stateOf(order)).toEqual(before);
    shop.stack.platformProxy.restore();
    await shop.stack.sandbox.faults({ loseNotifications: true });
    const params = { orderId: order.id };
    const problem = await shop.customer.problem('POST /orders/:orderId/payment', { params });
    expect(problem).toMatchObject({ status: 409, code: 'order.already_paid' });
    await shop.waitFor(order, 'delivered');
    const { payments, delivered } = await shop.ledger(order);
    expect([payments.length, delivered]).toEqual([1, 1]);
  });

  test('that refuses a payment request as invalid does not cancel the order', async () => {
    const order = await shop.placeOrder();
    const before = await stateOf(order);
    const [{ openid } = {}] = shop.stack.rows('select openid from orders where id = ?', order.id);
    const writeOpenid = (value: unknown) =>
      shop.stack.write('update orders set openid = ? where id = ?', value, order.id);
    writeOpenid('oUnknownToWechatPay');
    await shop.stack.sandbox.faults({ unsignedErrors: true });
    await expectPaymentUnavailable(order);
    expect(await stateOf(order)).toEqual(before);
    writeOpenid(openid);
    await shop.stack.sandbox.faults();
    const params = { orderId: order.id };
    const { payment } = await shop.customer.ok('POST /orders/:orderId/payment', { params });
    expect(await shop.stack.sandbox.cashier(payment, 'pay')).toBe('requestPayment:ok');
    await shop.waitFor(order, 'delivered');
  });

  test('that does not know an order leaves it open and calls a person, and it closes later', async () => {
    shop.stack.platformProxy.dropRequestsTo(payPaths.order);
    const answer = await shop.customer.send('POST /orders', {
      headers: { 'idempotency-key': newIdempotencyKey() },
      body: shop.purchase.body,
    });
    expect(answer.body).toMatchObject({ status: 503, code: 'payment.unavailable' });
    shop.stack.platformProxy.restore();
    const { orderId } = answer.body as { orderId: string };
    const order = await storedOrder(shop.customer, orderId);
    const before = await stateOf(order);
    await shop.stack.sandbox.faults({ unsignedErrors: true });
    await shop.stack.advanceClock(30 * MINUTE);
    await eventually('a person is called', async () => {
      await shop.stack.advanceClock(30_000);
      return shop.alerts(order).includes('orderStuck');
    });
    await waitForCalls(payPaths.queryOf(order.number), 30_000);
    expect(await stateOf(order)).toEqual({ ...before, stateLabel: expect.any(String) as string });
    await shop.stack.sandbox.faults();
    await shop.waitFor(order, 'closed', 30_000);
    expect(shop.alerts(order)).toEqual([]);
  });

  test.each(['refundRefused', 'refundNotEnough'])(
    'that answers a refund under %s leaves it requested, and it is paid once later',
    async (fault) => {
      await shop.stack.sandbox.faults({
        deliveryFails: true,
        unsignedErrors: true,
        [fault]: true,
      });
      const order = await shop.paidOrder();
      await shop.waitFor(order, 'refunding', 1_000);
      await waitForCalls(payPaths.refund);
      expect(refundsOf(order)).toEqual([{ number: `${order.number}R1`, state: 'requested' }]);
      expect((await stateOf(order)).state).toBe('refunding');
      expect(shop.alerts(order)).toEqual([]);
      await shop.stack.sandbox.faults();
      await shop.waitFor(order, 'refunded');
      expect(refundsOf(order)).toEqual([{ number: `${order.number}R1`, state: 'done' }]);
      const { payments } = await shop.ledger(order);
      expect(payments.map(({ refundedFen }) => refundedFen)).toEqual([order.amountFen]);
    },
  );
});
