import { readableForms, unreadableForms } from '../sandbox/answer-forms';
import { openDakashiShop } from '../testing/dakashi-shop';
import { newIdempotencyKey, packagesFor, placeOrder } from '../testing/shopping';
import { openShop } from '../testing/shop';

/** Purchases while every platform answers in an odd form. */

const shop = openShop();
const dakashiShop = openDakashiShop();

test.each(readableForms)('%s: a package of 旭宇 is sold and delivered as usual', async (form) => {
  const { stack, customer, purchase } = shop;
  await stack.sandbox.faults({ oddAnswers: form });
  const offers = await packagesFor(customer, purchase.card.id);
  expect(offers.find(({ id }) => id === purchase.offer.id)?.name).toBe(purchase.offer.name);
  const order = await shop.paidOrder();
  const delivered = await shop.waitFor(order, 'delivered');
  expect(delivered.package.name).toBe(purchase.offer.name);
  expect((await shop.ledger(order)).delivered).toBe(1);
});

test.each(readableForms)('%s: a package of 大卡师 is sold and delivered as usual', async (form) => {
  await dakashiShop.stack.sandbox.faults({ oddAnswers: form });
  const held = await dakashiShop.countOnCard('small');
  const order = await placeOrder(dakashiShop.customer, await dakashiShop.purchase('small'));
  await dakashiShop.pay(order);
  await dakashiShop.waitFor(order, 'delivered');
  expect(await dakashiShop.countOnCard('small')).toBe(held + 1);
});

test.each(unreadableForms)(
  '%s: nothing is read, and an order placed meanwhile is the same order afterwards',
  async (form) => {
    const { stack, customer, purchase } = shop;
    await stack.sandbox.faults({ oddAnswers: form });
    const headers = { 'idempotency-key': newIdempotencyKey() };
    const failed = await customer.send('POST /orders', { headers, body: purchase.body });
    expect(failed.status).toBe(503);
    await stack.sandbox.faults();
    const order = await placeOrder(customer, purchase, headers['idempotency-key']);
    expect((await shop.ledger(order)).delivered).toBe(0);
  },
);

test.each(unreadableForms)(
  '%s: the answer to a recharge is lost, and the package is still delivered once',
  async (form) => {
    const { stack, customer } = dakashiShop;
    const held = await dakashiShop.countOnCard('small');
    const order = await placeOrder(customer, await dakashiShop.purchase('small'));
    await dakashiShop.pay(order);
    await stack.sandbox.faults({ oddAnswers: form });
    await dakashiShop.stack.advanceClock(4_000);
    await stack.sandbox.faults();
    await dakashiShop.waitFor(order, 'delivered');
    expect(await dakashiShop.countOnCard('small')).toBe(held + 1);
  },
);
