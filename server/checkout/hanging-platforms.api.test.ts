import { dakashiPaths, payPaths, shingsouPaths } from '../testing/platform-proxy';
import { openDakashiShop, serials } from '../testing/dakashi-shop';
import { eventually } from '../testing/harness';
import { findCard, readOrder, storedOrder } from '../testing/shopping';
import { openShop, payOnSheet } from '../testing/shop';

/**
 * A platform accepts requests and does not answer them. A call to it times out after five seconds and is
 * repeated, so a response that comes while its first call is still held did not wait for it.
 */

const shop = openShop({ channel: 'wechatpay' });
const dakashiShop = openDakashiShop();

/** Longer than a stored report is used without a query. */
const REPORT_LIFETIME_MS = 11 * 60_000;

describe('reading an order while the payment channel hangs', () => {
  test('shows the stored state with its time, and readers share one query', async () => {
    const { stack, customer } = shop;
    const order = await shop.placeOrder();
    const answered = await readOrder(customer, order.id);
    expect(answered).toMatchObject({ state: 'awaitingPayment' });
    expect(answered.asOf).toBeUndefined();
    await payOnSheet(stack, order);
    const query = payPaths.queryOf(order.number);
    await stack.advanceClock(2_000);
    stack.platformProxy.clearCalls();
    const release = stack.platformProxy.holdRequestsTo(query);
    const reads = await Promise.all([readOrder(customer, order.id), readOrder(customer, order.id)]);
    expect(stack.platformProxy.count(query)).toBe(1);
    for (const { state, asOf = '' } of reads) {
      expect(state).toBe('awaitingPayment');
      expect(Date.parse(asOf)).toBeGreaterThanOrEqual(Date.parse(order.createdAt));
      expect(Date.parse(asOf)).toBeLessThanOrEqual(stack.now());
    }
    release();
    // The query that went on is stored without another read.
    await eventually('the payment is stored', async () => {
      const { state } = await storedOrder(customer, order.id);
      return state !== 'awaitingPayment';
    });
    expect((await readOrder(customer, order.id)).asOf).toBeUndefined();
  });

  test('says so at once if the channel answers errors', async () => {
    const { stack, customer } = shop;
    const order = await shop.placeOrder();
    await stack.advanceClock(2_000);
    await stack.sandbox.faults({ wechatpayDown: true });
    const read = await readOrder(customer, order.id);
    expect(read).toMatchObject({ state: 'awaitingPayment', asOf: expect.any(String) });
  });

  test('does not let a payment be started twice: paying waits for the channel', async () => {
    const { stack, customer } = shop;
    const order = await shop.placeOrder();
    await payOnSheet(stack, order);
    await stack.advanceClock(2_000);
    const release = stack.platformProxy.holdRequestsTo(payPaths.queryOf(order.number));
    await readOrder(customer, order.id);
    const paying = customer.send('POST /orders/:orderId/payment', {
      params: { orderId: order.id },
    });
    release();
    const answer = await paying;
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'order.already_paid' });
  });
});

describe('reading a card while its platform hangs', () => {
  test('shows the stored report with its time; the new one is stored when it comes', async () => {
    const { stack, customer } = dakashiShop;
    const card = await findCard(customer, serials.online);
    await customer.ok('POST /me/cards', { body: { cardId: card.id } });
    await stack.advanceClock(REPORT_LIFETIME_MS);
    stack.platformProxy.clearCalls();
    const release = stack.platformProxy.holdRequestsTo(dakashiPaths.info);
    const params = { cardId: card.id };
    const [read, wallet, subscriptions] = await Promise.all([
      customer.ok('GET /cards/:cardId', { params }),
      customer.ok('GET /me/cards', {}),
      customer.ok('GET /cards/:cardId/subscriptions', { params }),
    ]);
    expect(stack.platformProxy.count(dakashiPaths.info)).toBe(1);
    expect(read.fetchedAt).toBe(card.fetchedAt);
    expect(wallet.items).toMatchObject([{ fetchedAt: card.fetchedAt }]);
    expect(subscriptions.items.length).toBeGreaterThan(0);
    release();
    await eventually('the new report is stored', async () => {
      const { fetchedAt } = await customer.ok('GET /cards/:cardId', { params });
      return fetchedAt > card.fetchedAt;
    });
    expect(stack.platformProxy.count(dakashiPaths.info)).toBe(1);
  });
});

describe('a query that went on in the background', () => {
  test('does not keep the server from stopping', async () => {
    const { stack, customer, purchase } = shop;
    await stack.advanceClock(REPORT_LIFETIME_MS);
    stack.platformProxy.holdRequestsTo(shingsouPaths.detail);
    await customer.ok('GET /cards/:cardId', { params: { cardId: purchase.card.id } });
    // The shop stops after this test, which is the last one of the file.
  });
});
