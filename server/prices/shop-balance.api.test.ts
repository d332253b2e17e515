import { randomUUID } from 'node:crypto';
import { dakashiPackages, openDakashiShop, type DakashiPackage } from '../testing/dakashi-shop';
import type { Customer } from '../testing/harness';
import { newIdempotencyKey, placeOrder, readOrder, type Purchase } from '../testing/shopping';
import { dakashiPaths } from '../testing/platform-proxy';

/** 大卡师 is prepaid: a package that the balance does not cover is not sold. */

const shop = openDakashiShop();

/** A little longer than the balance is cached. */
const BALANCE_LIFETIME_MS = 21_000;
const cost = (...names: DakashiPackage[]) =>
  names.reduce((sum, name) => sum + dakashiPackages[name].costFen, 0);

beforeEach(async () => {
  // Closes the unpaid orders of earlier tests, so that they are not counted.
  await shop.stack.advanceClock(40 * 60_000);
  await shop.stack.sandbox.setBalance(1_000_000);
  const gone = "update orders set state = 'closed', open_key = null where state != 'delivered'";
  shop.stack.write(gone);
  shop.stack.write('update deliveries set running_key = null');
  shop.stack.write('update alerts set settled_at = 1, open_key = null where settled_at is null');
});

function sendOrder({ body }: Purchase, by: Customer = shop.customer) {
  const headers = { 'idempotency-key': newIdempotencyKey() };
  return by.send('POST /orders', { headers, body });
}

async function setBalance(balanceFen: number): Promise<void> {
  await shop.stack.sandbox.setBalance(balanceFen);
  await shop.stack.advanceClock(BALANCE_LIFETIME_MS);
}

const soldOut = { status: 409, code: 'package.not_in_stock' };

test('a sale that the balance does not cover is refused before the payment, and an alert is raised', async () => {
  const purchase = await shop.purchase('large');
  await setBalance(cost('large') - 1);
  const { body } = await sendOrder(purchase);
  expect(body).toMatchObject({ ...soldOut, detail: '没有扣款，本店正在补货，请稍后再试。' });
  expect(shop.alerts('dakashi')).toEqual(['balanceLow']);
  const { items } = await shop.customer.ok('GET /orders', { query: {} });
  expect(items).toEqual([]);
  expect(shop.stack.platformProxy.calls.filter(({ path }) => path.startsWith('/v3/pay'))).toEqual(
    [],
  );
});

test('a sale that it covers is still made, and several refusals raise one alert', async () => {
  const large = await shop.purchase('large');
  const small = await shop.purchase('small');
  await setBalance(cost('small'));
  for (let attempt = 0; attempt < 3; attempt += 1) {
    expect((await sendOrder(large)).body).toMatchObject(soldOut);
  }
  expect(shop.alerts('dakashi')).toEqual(['balanceLow']);
  await placeOrder(shop.customer, small);
});

test('the alert is resolved by the first sale after a top-up', async () => {
  const purchase = await shop.purchase('large');
  await setBalance(0);
  expect((await sendOrder(purchase)).body).toMatchObject(soldOut);
  await setBalance(cost('large'));
  await placeOrder(shop.customer, purchase);
  expect(shop.alerts('dakashi')).toEqual([]);
});

describe('an order that is not deducted from the balance yet', () => {
  test('is counted until it is closed unpaid', async () => {
    await setBalance(cost('medium', 'small'));
    const first = await placeOrder(shop.customer, await shop.purchase('medium'));
    const other = await shop.stack.signIn(randomUUID());
    const purchase = await shop.purchase('medium', { by: other });
    expect((await sendOrder(purchase, other)).body).toMatchObject(soldOut);
    await shop.customer.ok('POST /orders/:orderId/cancel', { params: { orderId: first.id } });
    expect((await readOrder(shop.customer, first.id)).state).toBe('closed');
    await placeOrder(other, purchase);
  });

  test('is counted while it is paid and not delivered', async () => {
    await setBalance(cost('medium', 'small'));
    shop.stack.platformProxy.dropRequestsTo(dakashiPaths.cardPackages);
    const first = await shop.paidOrder('medium');
    await shop.waitFor(first, 'delivering');
    const other = await shop.stack.signIn(randomUUID());
    const purchase = await shop.purchase('addOn', { by: other });
    expect((await sendOrder(purchase, other)).body).toMatchObject(soldOut);
    // Until it is delivered, it would be counted in the next test as well.
    shop.stack.platformProxy.restore();
    await shop.waitFor(first, 'delivered');
  });

  test('is counted if the balance was queried just before the deduction', async () => {
    await setBalance(cost('medium', 'small'));
    const first = await shop.paidOrder('medium');
    await shop.waitFor(first, 'delivered', { stepMs: 300 });
    const other = await shop.stack.signIn(randomUUID());
    const purchase = await shop.purchase('medium', { by: other });
    expect((await sendOrder(purchase, other)).body).toMatchObject(soldOut);
  });

  test('is not counted when the same order is requested again', async () => {
    await setBalance(cost('medium'));
    const purchase = await shop.purchase('medium');
    const first = await placeOrder(shop.customer, purchase);
    const again = await placeOrder(shop.customer, purchase);
    expect(again.id).toBe(first.id);
    expect(shop.alerts('dakashi')).toEqual([]);
  });
});

test('no package is sold while 大卡师 does not answer the balance query', async () => {
  const purchase = await shop.purchase('small');
  await shop.stack.advanceClock(BALANCE_LIFETIME_MS);
  shop.stack.platformProxy.dropResponsesOf(dakashiPaths.balance);
  const { body } = await sendOrder(purchase);
  expect(body).toMatchObject({ status: 503, code: 'platform.unavailable' });
  shop.stack.platformProxy.restore();
  await placeOrder(shop.customer, purchase);
});

test('the balance is queried once for many sales', async () => {
  await shop.stack.advanceClock(BALANCE_LIFETIME_MS);
  const wishes = [
    await shop.purchase('small'),
    await shop.purchase('medium'),
    await shop.purchase('addOn'),
  ];
  shop.stack.platformProxy.clearCalls();
  await Promise.all(wishes.map((purchase) => placeOrder(shop.customer, purchase)));
  expect(shop.stack.platformProxy.count(dakashiPaths.balance)).toBe(1);
});

test('packages of a platform that is not prepaid are not affected', async () => {
  await setBalance(0);
  const cards = await shop.stack.sandbox.cards();
  const { iccid } = cards.find(
    ({ carrier, carrierCode }) => carrier === 'telecom' && carrierCode === '1',
  )!;
  const { items } = await shop.customer.ok('GET /cards', { query: { number: iccid } });
  const cardId = items[0]!.id;
  const { categories } = await shop.customer.ok('GET /cards/:cardId/packages', {
    params: { cardId },
  });
  const offer = categories.flatMap(({ packages }) => packages).find(({ canBuy }) => canBuy)!;
  const body = { cardId, packageId: offer.id, effective: 'now' as const };
  const headers = { 'idempotency-key': newIdempotencyKey() };
  await shop.customer.ok('POST /orders', { headers, body });
});
