import { dakashiPackages, openDakashiShop, priceOf, serials } from '../testing/dakashi-shop';
import { dakashiPaths } from '../testing/platform-proxy';
import { cardInState, findCard, packagesFor, placeOrder } from '../testing/shopping';

/** Platforms whose lists hold elements that nobody can use, and figures in any notation of a decimal. */

const shop = openDakashiShop();

/** Longer than a catalogue is used without a new query. */
const CATALOGUE_LIFETIME_MS = 61_000;

async function shingsouCard(position: number) {
  const { iccid } = await cardInState(shop.stack, 'telecom', '1', position);
  return { iccid, card: await findCard(shop.customer, iccid) };
}

test('a product that nobody can buy is always left out, and staff see why', async () => {
  const { iccid, card } = await shingsouCard(20);
  const names = (await packagesFor(shop.customer, card.id)).map(({ name }) => name);
  expect(names.length).toBeGreaterThan(10);
  expect(names).not.toContain('测试套餐');
  const { omitted } = await shop.supervisor.ok('GET /support/prices', { query: { card: iccid } });
  expect(omitted).toEqual([
    { platform: 'shingsou', packageId: '110100', name: '测试套餐', reason: 'months' },
  ]);
  expect(shop.alerts('shingsou')).toEqual([]);
});

test('odd products of 旭宇 are shown with what is known, or left out alone', async () => {
  await shop.stack.sandbox.faults({ oddElements: true });
  const { card } = await shingsouCard(21);
  const packages = await packagesFor(shop.customer, card.id);
  expect(packages.some(({ dataMb }) => dataMb === null)).toBe(true);
  expect(packages.some(({ dataMb }) => dataMb !== null)).toBe(true);
  for (const { name } of packages) expect(name).toMatch(/^[^\p{C}\uFFFD]+$/u);
  const params = { cardId: card.id };
  const { items } = await shop.customer.ok('GET /cards/:cardId/subscriptions', { params });
  expect(items.some(({ dataMb, until }) => dataMb === null && until === null)).toBe(true);
});

test('a package without a stated volume can be bought', async () => {
  await shop.stack.sandbox.faults({ oddElements: true });
  const { card } = await shingsouCard(22);
  const packages = await packagesFor(shop.customer, card.id);
  const offer = packages.find(({ dataMb, canBuy }) => dataMb === null && canBuy)!;
  const body = { cardId: card.id, packageId: offer.id, effective: 'now' as const };
  const order = await placeOrder(shop.customer, { card, offer, body });
  expect(order.package).toEqual({ id: offer.id, name: offer.name, dataMb: null });
});

test('prices of 旭宇 are read as decimals; one that is no whole fen is named to staff', async () => {
  const { iccid, card } = await shingsouCard(23);
  const before = await packagesFor(shop.customer, card.id);
  const priceBefore = new Map(before.map(({ id, priceFen }) => [id, priceFen]));
  await shop.stack.sandbox.faults({ oddPrices: true });
  await shop.stack.advanceClock(CATALOGUE_LIFETIME_MS);
  const packages = await packagesFor(shop.customer, card.id);
  expect(packages).not.toHaveLength(0);
  expect(packages.length).toBeLessThan(before.length);
  for (const { id, priceFen } of packages) expect(priceFen).toBe(priceBefore.get(id));
  const { omitted } = await shop.supervisor.ok('GET /support/prices', { query: { card: iccid } });
  expect(omitted).toHaveLength(before.length - packages.length + 1);
  const raised = () =>
    shop.stack.rows(
      "select detail from alerts where kind = 'priceUnreadable' and open_key is not null",
    );
  expect(raised()).toContainEqual({ detail: '110102: no price' });
  await shop.stack.sandbox.faults();
  await shop.stack.advanceClock(CATALOGUE_LIFETIME_MS);
  expect(await packagesFor(shop.customer, card.id)).toHaveLength(before.length);
  expect(raised()).toEqual([]);
});

test('odd packages of 大卡师 are shown with what is known, or left out alone', async () => {
  await shop.stack.sandbox.faults({ dakashiOddElements: true });
  await shop.stack.advanceClock(CATALOGUE_LIFETIME_MS);
  const card = await findCard(shop.customer, serials.online);
  expect(card.currentPackage).toMatchObject({ dataMb: null, until: null });
  const packages = await packagesFor(shop.customer, card.id);
  const known = new Map(packages.map((offer) => [offer.id, offer]));
  expect(known.get(dakashiPackages.small.id)).toMatchObject({ dataMb: null });
  expect(known.get(dakashiPackages.medium.id)).toMatchObject({ name: '套餐' });
  expect(known.has(dakashiPackages.large.id)).toBe(false);
});

test('a cost with fractions of a fen is rounded up, and a negative one hides its package', async () => {
  await shop.stack.sandbox.faults({ dakashiOddElements: true });
  await shop.stack.advanceClock(CATALOGUE_LIFETIME_MS);
  const query = { card: serials.online };
  const { items, omitted } = await shop.supervisor.ok('GET /support/prices', { query });
  expect(items.find(({ packageId }) => packageId === dakashiPackages.addOn.id)).toMatchObject({
    costFen: 301,
    priceFen: priceOf(dakashiPackages.addOn.costFen),
  });
  expect(omitted).toContainEqual({
    platform: 'dakashi',
    packageId: '110200_3072',
    name: '叠加包 3GB（省内）',
    reason: 'no cost',
  });
});

describe('a balance of 大卡师', () => {
  /** A little longer than the balance is cached. */
  const BALANCE_LIFETIME_MS = 21_000;

  test.each(['80.19999999999999', '1,024.38', '1024.385', '1e3', 80.19999999999999])(
    'of %j covers a sale',
    async (balance) => {
      const purchase = await shop.purchase('medium');
      shop.stack.platformProxy.rewriteResponsesOf(dakashiPaths.balance, (text) => {
        const answer = JSON.parse(text) as { data: object };
        return JSON.stringify({ ...answer, data: { ...answer.data, balance } });
      });
      await shop.stack.advanceClock(BALANCE_LIFETIME_MS);
      await placeOrder(shop.customer, purchase);
      expect(shop.alerts('dakashi')).toEqual([]);
    },
  );

  test('in the simulator’s odd notation covers a sale to the fen', async () => {
    const purchase = await shop.purchase('medium');
    await shop.stack.sandbox.setBalance(dakashiPackages.medium.costFen + 100_000);
    await shop.stack.sandbox.faults({ dakashiOddBalance: true });
    await shop.stack.advanceClock(BALANCE_LIFETIME_MS);
    await placeOrder(shop.customer, purchase);
  });
});
