import { dakashiPackages, openDakashiShop, priceOf, serials } from '../testing/dakashi-shop';
import { findCard, packagesFor, placeOrder } from '../testing/shopping';

/** Sales for cards of 大卡师, from the look-up to the delivery, paid through WeChat Pay. */

const shop = openDakashiShop();

describe('a card of 大卡师', () => {
  test('is the same card by serial number, custom number, last ten characters and ICCID', async () => {
    const { cards } = await shop.stack.sandbox.dakashiState();
    const { customNo, iccid } = cards.find(({ serialNo }) => serialNo === serials.online)!;
    const numbers = [serials.online, customNo, iccid.slice(-10), iccid];
    const found = [];
    for (const number of numbers) found.push(await findCard(shop.customer, number));
    expect(new Set(found.map(({ id }) => id)).size).toBe(1);
    expect(found[0]).toMatchObject({ platform: 'dakashi', canBuy: true });
    expect(found[0]!.status.label).toBe('正常使用');
    expect(found[0]!.currentPackage?.name).toBe('物联卡 5GB 月包');
  });

  test('shows its ICCID once a user has looked it up by its full ICCID', async () => {
    const { cards } = await shop.stack.sandbox.dakashiState();
    const { iccid } = cards.find(({ serialNo }) => serialNo === serials.online)!;
    const { id: cardId } = await findCard(shop.customer, iccid);
    const kept = await shop.customer.ok('POST /me/cards', { body: { cardId } });
    expect(kept.iccid).toBe(iccid);
  });
});

test('a package is sold at the merchant’s price, ordered once and delivered', async () => {
  const { stack, customer } = shop;
  const { balanceFen: before } = await stack.sandbox.dakashiState();
  const heldBefore = await shop.countOnCard('large');
  const purchase = await shop.purchase('large');
  expect(purchase.offer.priceFen).toBe(priceOf(dakashiPackages.large.costFen));
  const placed = await placeOrder(customer, purchase);
  expect(placed.amountFen).toBe(priceOf(dakashiPackages.large.costFen));
  expect(stack.platformProxy.count('/v1/recharge')).toBe(0);
  await shop.pay(placed);
  const order = await shop.waitFor(placed, 'delivered');
  const [recharge, ...others] = await shop.recharges('large');
  expect(recharge).toMatchObject({ feeFen: dakashiPackages.large.costFen, status: '3' });
  expect(others).toEqual([]);
  const { balanceFen: after } = await stack.sandbox.dakashiState();
  expect(before - after).toBe(dakashiPackages.large.costFen);
  expect(await shop.countOnCard('large')).toBe(heldBefore + 1);
  const params = { cardId: purchase.card.id };
  const { items } = await customer.ok('GET /cards/:cardId/subscriptions', { params });
  expect(items).toContainEqual(
    expect.objectContaining({ name: '物联卡 20GB 月包', state: 'current' }),
  );
  const { payments } = await stack.sandbox.ledger();
  expect(payments.filter(({ orderNumber }) => orderNumber === order.number)).toMatchObject([
    { amountFen: order.amountFen, refundedFen: 0, channel: 'wechatpay' },
  ]);
});

test('a package for next month is queued on the card', async () => {
  const purchase = await shop.purchase('small');
  const before = (await findCard(shop.customer, serials.online)).queuedPackages;
  purchase.body.effective = 'nextMonth';
  const order = await placeOrder(shop.customer, purchase);
  await shop.pay(order);
  await shop.waitFor(order, 'delivered');
  expect((await findCard(shop.customer, serials.online)).queuedPackages).toBe(before + 1);
});

/** The names of all fields of a JSON value. Random ids can contain any letters, so values are not searched. */
function fieldNames(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return [...names, ...Object.values(value).flatMap(fieldNames)];
}

test('the cost of a package is in no response to a customer', async () => {
  const { customer } = shop;
  const { card } = await shop.purchase('medium');
  const params = { cardId: card.id };
  const answers = [
    await customer.send('GET /cards', { query: { number: serials.online } }),
    await customer.send('GET /cards/:cardId', { params }),
    await customer.send('GET /cards/:cardId/packages', { params }),
  ];
  const order = await shop.paidOrder('addOn');
  await shop.waitFor(order, 'delivered');
  answers.push(
    await customer.send('GET /orders/:orderId', { params: { orderId: order.id } }),
    await customer.send('GET /orders'),
  );
  const costs = Object.values(dakashiPackages).map(({ costFen }) => costFen);
  for (const { status, text } of answers) {
    expect(status).toBe(200);
    const ofCosts = fieldNames(JSON.parse(text)).filter((name) => /fee|cost|balance/i.test(name));
    expect(ofCosts).toEqual([]);
    for (const cost of costs) expect(text).not.toMatch(new RegExp(`:${String(cost)}[,}]`));
  }
});

test('a recharge that fails at 大卡师 is refunded', async () => {
  await shop.stack.sandbox.faults({ deliveryFails: true });
  const { balanceFen } = await shop.stack.sandbox.dakashiState();
  const order = await shop.paidOrder('medium');
  await shop.waitFor(order, 'refunded');
  expect(await shop.recharges('medium')).toMatchObject([{ status: '2' }]);
  expect((await shop.stack.sandbox.dakashiState()).balanceFen).toBe(balanceFen);
  const { payments } = await shop.stack.sandbox.ledger();
  const taken = payments.find(({ orderNumber }) => orderNumber === order.number);
  expect(taken?.refundedFen).toBe(order.amountFen);
});

test('every package on sale can be bought for some card, and has the right kind', async () => {
  const { card } = await shop.purchase('small');
  const packages = await packagesFor(shop.customer, card.id);
  expect(packages).toHaveLength(8);
  expect(new Set(packages.map(({ kind }) => kind))).toEqual(
    new Set(['basic', 'addOn', 'crossMonth', 'bonus']),
  );
  expect(packages.every(({ canBuy }) => canBuy)).toBe(true);
});
