import { setTimeout as sleep } from 'node:timers/promises';
import type { Order } from '@shared/contract';
import { eventually } from '../testing/harness';
import { storedOrder, readOrder } from '../testing/shopping';
import { payPaths } from '../testing/platform-proxy';
import { openShop } from '../testing/shop';

/** Notifications of WeChat Pay, genuine, forged and late, and what happens without its answers. */

const MINUTE = 60_000;

const shop = openShop({ channel: 'wechatpay' });

async function expectDeliveredOnce(order: Order): Promise<void> {
  const delivered = await shop.waitFor(order, 'delivered');
  expect(delivered.amountFen).toBe(order.amountFen);
  const ledger = await shop.ledger(order);
  expect(ledger.payments).toHaveLength(1);
  expect(ledger.payments[0]).toMatchObject({ amountFen: order.amountFen, refundedFen: 0 });
  expect(ledger.delivered).toBe(1);
}

function storedNotifications({ number }: Order) {
  return shop.stack.rows(
    'select external_id, kind, deliveries, transaction_id from notifications where order_number = ?',
    number,
  );
}

describe('notifications that are forged or stale', () => {
  test('with a wrong signature as a probe are refused and counted, and the genuine one is accepted', async () => {
    const wrong = await shop.countNotifications('notification.signature_invalid');
    await shop.stack.sandbox.faults({ signatureProbes: true });
    const order = await shop.paidOrder();
    await eventually('the genuine one is stored', () => storedNotifications(order).length === 1);
    expect(await shop.countNotifications('notification.signature_invalid')).toBe(wrong + 1);
    await expectDeliveredOnce(order);
  });

  test('with a forged amount and another signature are refused and counted, and change nothing', async () => {
    const wrong = await shop.countNotifications('notification.signature_invalid');
    await shop.stack.sandbox.faults({ forgedNotifications: true });
    const order = await shop.paidOrder();
    await eventually('the genuine one is stored', () => storedNotifications(order).length === 1);
    expect(await shop.countNotifications('notification.signature_invalid')).toBe(wrong + 1);
    await expectDeliveredOnce(order);
  });

  test('that are stale are refused and counted, and the payment is found all the same', async () => {
    const stale = await shop.countNotifications('notification.stale');
    await shop.stack.sandbox.faults({ staleNotifications: true });
    const order = await shop.paidOrder();
    await eventually('it was refused', async () => {
      return (await shop.countNotifications('notification.stale')) === stale + 1;
    });
    expect(storedNotifications(order)).toEqual([]);
    await expectDeliveredOnce(order);
  });
});

test('a notification that is delivered twice is one row, one payment and one delivery', async () => {
  const repeated = await shop.countNotifications('repeated');
  await shop.stack.sandbox.faults({ doubleNotifications: true });
  const order = await shop.paidOrder();
  await shop.stack.advanceClock(2_000);
  await eventually('both are delivered', () => storedNotifications(order)[0]?.deliveries === 2);
  expect(storedNotifications(order)).toHaveLength(1);
  expect(await shop.countNotifications('repeated')).toBe(repeated + 1);
  await expectDeliveredOnce(order);
});

test('notifications in the wrong order make no difference: a payment’s after its refund’s', async () => {
  await shop.stack.sandbox.faults({ reorderNotifications: true, deliveryFails: true });
  const order = await shop.paidOrder();
  await shop.waitFor(order, 'refunded', 1_000);
  await eventually('both are delivered', async () => {
    await shop.stack.advanceClock(4_000);
    return storedNotifications(order).length === 2;
  });
  await sleep(700);
  expect((await storedOrder(shop.customer, order.id)).state).toBe('refunded');
  const { payments, delivered } = await shop.ledger(order);
  expect(payments.map(({ refundedFen }) => refundedFen)).toEqual([order.amountFen]);
  expect(delivered).toBe(0);
});

test('a refund’s notification triggers a query at once', async () => {
  await shop.stack.sandbox.faults({ deliveryFails: true });
  const order = await shop.paidOrder();
  await shop.waitFor(order, 'refunded', 1_000);
  expect(storedNotifications(order).map(({ kind }) => kind)).toEqual(['payment', 'refund']);
});

describe('WeChat Pay without answers', () => {
  test.each([
    ['is down', { wechatpayDown: true }],
    ['answers with a web page', { wechatpayGarbage: true }],
  ])('%s: the order is shown as last known, and settled once it is back', async (_, faults) => {
    const order = await shop.placeOrder();
    await shop.stack.sandbox.faults(faults);
    await shop.stack.sandbox.cashier(order.payment, 'pay');
    expect((await readOrder(shop.customer, order.id)).state).toBe('awaitingPayment');
    const params = { orderId: order.id };
    const problem = await shop.customer.problem('POST /orders/:orderId/payment', { params });
    expect(problem).toMatchObject({ status: 503, code: 'payment.unavailable' });
    await shop.stack.sandbox.faults();
    await shop.stack.advanceClock(31_000);
    await expectDeliveredOnce(order);
  });

  test('carries out a refund without a response: it is refunded once all the same', async () => {
    await shop.stack.sandbox.faults({ deliveryFails: true });
    const order = await shop.placeOrder();
    await shop.stack.sandbox.cashier(order.payment, 'pay');
    await shop.stack.sandbox.faults({ deliveryFails: true, wechatpayMute: true });
    await eventually(
      'the refund was requested',
      async () => {
        await shop.stack.advanceClock(4_000);
        return shop.stack.platformProxy.count(payPaths.refund) > 0;
      },
      15_000,
    );
    await shop.stack.sandbox.faults();
    await shop.waitFor(order, 'refunded', 10_000);
    const { payments } = await shop.ledger(order);
    expect(payments.map(({ refundedFen }) => refundedFen)).toEqual([order.amountFen]);
  });
});

describe('a change from WeChat Pay’s public key to a certificate and back', () => {
  test('during an order has no effect: both keys are accepted', async () => {
    const order = await shop.placeOrder();
    await shop.stack.sandbox.faults({ wechatpayCertificate: true });
    expect(shop.stack.platformProxy.count(payPaths.certificates)).toBe(0);
    await shop.stack.sandbox.cashier(order.payment, 'pay');
    await expectDeliveredOnce(order);
    expect(shop.stack.platformProxy.count(payPaths.certificates)).toBe(1);
    await shop.stack.sandbox.faults();
    // Both are known now: no change downloads certificates again.
    const params = { cardId: shop.purchase.card.id };
    await shop.customer.ok('GET /cards/:cardId', { params });
    const second = await shop.paidOrder();
    await shop.stack.sandbox.faults({ wechatpayCertificate: true });
    await expectDeliveredOnce(second);
    expect(shop.stack.platformProxy.count(payPaths.certificates)).toBe(1);
    expect(await shop.countNotifications('notification.serial_unknown')).toBe(0);
  });
});

test('a notification about an order that is not ours calls a person', async () => {
  const order = await shop.placeOrder();
  shop.stack.write('update orders set number = ? where id = ?', 'LKmoved0000000000000', order.id);
  await shop.stack.sandbox.cashier(order.payment, 'pay');
  await eventually('a person is called', () => {
    const rows = shop.stack.rows(
      "select kind from alerts where kind = 'orderMissing' and subject = ?",
      order.number,
    );
    return rows.length === 1;
  });
  await shop.stack.advanceClock(MINUTE);
  expect((await shop.ledger(order)).delivered).toBe(0);
});
