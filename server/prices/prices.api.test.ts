import { randomUUID } from 'node:crypto';
import type { UncheckedRequest } from '../testing/api-client';
import {
  dakashiPackages,
  openDakashiShop,
  priceOf,
  serials,
  type DakashiPackage,
} from '../testing/dakashi-shop';
import {
  findCard,
  newIdempotencyKey,
  packagesFor,
  placeOrder,
  readOrder,
} from '../testing/shopping';
import { dakashiPaths } from '../testing/platform-proxy';

/** The shop's prices for packages whose platform sets none. */

const shop = openDakashiShop();
const MINUTE = 60_000;
const SET_PRICE = 'PUT /support/prices/:platform/:packageId';

afterEach(async () => {
  // A catalogue is cached for a minute: the next test must not get this one.
  await shop.stack.advanceClock(MINUTE + 1);
  for (const { id, costFen } of Object.values(dakashiPackages)) {
    shop.stack.write(
      'update package_prices set price_fen = ?, cost_fen = ? where package_id = ?',
      ...[priceOf(costFen), costFen, id],
    );
  }
  shop.stack.write('update alerts set settled_at = 1, open_key = null where settled_at is null');
});

async function packageIdsOnSale(): Promise<string[]> {
  const card = await findCard(shop.customer, serials.online);
  return (await packagesFor(shop.customer, card.id)).map(({ id }) => id);
}

async function priceOfPackage(name: DakashiPackage) {
  const { items } = await shop.supervisor.ok('GET /support/prices', { query: {} });
  return items.find(({ packageId }) => packageId === dakashiPackages[name].id);
}

function priceRequest(
  packageId: string,
  priceFen: unknown,
  platform = 'dakashi',
): UncheckedRequest {
  return { params: { platform, packageId }, body: { priceFen } };
}

/** Changes what a package of 大卡师 costs the shop. */
function changeCost(name: DakashiPackage, costFen: number): void {
  const { id } = dakashiPackages[name];
  shop.stack.platformProxy.rewriteResponsesOf(dakashiPaths.catalogue, (text) => {
    const answer = JSON.parse(text) as {
      data: { packages: { product_no: string; fee: string }[] };
    };
    for (const product of answer.data.packages) {
      if (product.product_no === id) product.fee = (costFen / 100).toFixed(2);
    }
    return JSON.stringify(answer);
  });
}

describe('a price', () => {
  test('applies to the next request at once, and not to existing orders', async () => {
    const { id, costFen } = dakashiPackages.small;
    const before = await placeOrder(shop.customer, await shop.purchase('small'));
    await shop.setPrice(id, costFen + 1);
    const purchase = await shop.purchase('small', { by: await shop.stack.signIn(randomUUID()) });
    expect(purchase.offer.priceFen).toBe(costFen + 1);
    expect((await readOrder(shop.customer, before.id)).amountFen).toBe(priceOf(costFen));
    await shop.pay(before);
    await shop.waitFor(before, 'delivered');
    const { payments } = await shop.stack.sandbox.ledger();
    const taken = payments.find(({ orderNumber }) => orderNumber === before.number);
    expect(taken?.amountFen).toBe(priceOf(costFen));
  });

  test('that has changed requires a new order; the customer is not charged another amount', async () => {
    const { id, costFen } = dakashiPackages.medium;
    const purchase = await shop.purchase('medium');
    const open = await placeOrder(shop.customer, purchase);
    await shop.setPrice(id, costFen + 5);
    const problem = await shop.customer.problem('POST /orders', {
      headers: { 'idempotency-key': newIdempotencyKey() },
      body: purchase.body,
    });
    expect(problem).toMatchObject({ status: 409, code: 'order.already_open', orderId: open.id });
  });

  test('may equal the cost of the package, but not be below it', async () => {
    const { id, costFen } = dakashiPackages.large;
    expect(await shop.supervisor.ok(SET_PRICE, priceRequestFor('large', costFen))).toMatchObject({
      priceFen: costFen,
      costFen,
      onSale: true,
    });
    const problem = await shop.supervisor.problem(SET_PRICE, priceRequest(id, costFen - 1));
    expect(problem).toMatchObject({ status: 409, code: 'price.below_cost' });
    expect(await priceOfPackage('large')).toMatchObject({ priceFen: costFen });
  });

  test('is removed with null, and the package is no longer on sale', async () => {
    const { id } = dakashiPackages.large;
    const purchase = await shop.purchase('large');
    await shop.setPrice(id, null);
    expect(await packageIdsOnSale()).not.toContain(id);
    expect(await priceOfPackage('large')).toMatchObject({ priceFen: null, onSale: false });
    const problem = await shop.customer.problem('POST /orders', {
      headers: { 'idempotency-key': newIdempotencyKey() },
      body: purchase.body,
    });
    expect(problem).toMatchObject({ status: 404, code: 'package.not_found' });
  });

  test('is required: a package without one is shown to staff only', async () => {
    const { id, costFen } = dakashiPackages.addOn;
    shop.stack.write('delete from package_prices where package_id = ?', id);
    expect(await packageIdsOnSale()).not.toContain(id);
    expect(await priceOfPackage('addOn')).toMatchObject({
      platform: 'dakashi',
      name: '叠加包 1GB',
      costFen,
      priceFen: null,
      onSale: false,
      pricedAt: null,
    });
  });

  test.each([
    ['no amount', undefined],
    ['zero', 0],
    ['a negative amount', -100],
    ['a fraction of a fen', 600.5],
    ['text', '600'],
    ['more than any package costs', 10_000_001],
    ['no number at all', Number.NaN.toString()],
  ])('of %s is refused', async (_, priceFen) => {
    const problem = await shop.supervisor.problem(
      SET_PRICE,
      priceRequest(dakashiPackages.small.id, priceFen),
    );
    expect(problem).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(await priceOfPackage('small')).toMatchObject({
      priceFen: priceOf(dakashiPackages.small.costFen),
    });
  });

  test.each([
    ['of another platform', 'shingsou', dakashiPackages.small.id],
    ['nobody sells', 'dakashi', '990000_1'],
  ])('for a package %s is refused', async (_, platform, packageId) => {
    const problem = await shop.supervisor.problem(
      SET_PRICE,
      priceRequest(packageId, 1_000, platform),
    );
    expect(problem).toMatchObject({ status: 404, code: 'price.package_unknown' });
  });
});

function priceRequestFor(name: DakashiPackage, priceFen: number) {
  const params = { platform: 'dakashi', packageId: dakashiPackages[name].id };
  return { params, body: { priceFen } };
}

describe('the list of prices', () => {
  test('can be read by agents, and changed by supervisors only', async () => {
    const agent = await shop.stack.signInStaff(`agent-${randomUUID().slice(0, 8)}`);
    const { items } = await agent.ok('GET /support/prices', { query: {} });
    expect(items).toHaveLength(8);
    const problem = await agent.problem(SET_PRICE, priceRequestFor('small', 9_999));
    expect(problem).toMatchObject({ status: 403, code: 'staff.forbidden' });
    expect((await shop.customer.send(SET_PRICE, priceRequestFor('small', 9_999))).status).toBe(401);
    expect((await shop.customer.send('GET /support/prices')).status).toBe(401);
    expect(await priceOfPackage('small')).toMatchObject({
      priceFen: priceOf(dakashiPackages.small.costFen),
    });
  });

  test('contains no packages of platforms that set the price themselves', async () => {
    const cards = await shop.stack.sandbox.cards();
    const { iccid } = cards.find(
      ({ carrier, carrierCode }) => carrier === 'telecom' && carrierCode === '1',
    )!;
    const { items } = await shop.supervisor.ok('GET /support/prices', { query: { card: iccid } });
    expect(new Set(items.map(({ platform }) => platform))).toEqual(new Set(['dakashi']));
  });

  test.each([
    ['a number nobody has', '4711471147', 404, 'card.not_found'],
    ['no number', '万能卡', 400, 'request.invalid'],
  ])('is refused for %s', async (_, card, status, code) => {
    const problem = await shop.supervisor.problem('GET /support/prices', { query: { card } });
    expect(problem).toMatchObject({ status, code });
  });

  test('changes are recorded in the audit log, with the member of the staff', async () => {
    await shop.setPrice(dakashiPackages.small.id, 777);
    const [entry] = shop.stack.rows(
      'select action, subject, username from audit join staff on staff.id = audit.staff_id order by audit.id desc limit 1',
    );
    expect(entry).toEqual({
      action: 'prices.set 777',
      subject: `dakashi/${dakashiPackages.small.id}`,
      username: 'supervisor',
    });
  });
});

describe('a package whose cost has risen above its price', () => {
  const { id, costFen } = dakashiPackages.medium;
  const dear = priceOf(costFen) + 1;

  function openAlerts() {
    const query = 'select kind, detail from alerts where subject = ? and open_key is not null';
    return shop.stack.rows(query, 'dakashi');
  }

  async function becomeDear(): Promise<void> {
    await shop.stack.advanceClock(MINUTE + 1);
    changeCost('medium', dear);
    expect(await packageIdsOnSale()).not.toContain(id);
  }

  test('is not on sale, and one alert is raised', async () => {
    await becomeDear();
    expect(openAlerts()).toEqual([{ kind: 'priceBelowCost', detail: id }]);
    await shop.stack.advanceClock(MINUTE + 1);
    await packageIdsOnSale();
    expect(openAlerts()).toHaveLength(1);
    expect(await priceOfPackage('medium')).toMatchObject({ costFen: dear, onSale: false });
  });

  test('cannot be ordered by customers who have seen it before', async () => {
    const purchase = await shop.purchase('medium');
    await becomeDear();
    const problem = await shop.customer.problem('POST /orders', {
      headers: { 'idempotency-key': newIdempotencyKey() },
      body: purchase.body,
    });
    expect(problem).toMatchObject({ status: 404, code: 'package.not_found' });
  });

  test('is on sale again, and the alert resolved, when its price is raised', async () => {
    await becomeDear();
    await shop.setPrice(id, dear);
    expect(await packageIdsOnSale()).toContain(id);
    expect(openAlerts()).toEqual([]);
  });

  test('has its alert resolved when its price is removed', async () => {
    await becomeDear();
    await shop.setPrice(id, null);
    expect(openAlerts()).toEqual([]);
  });

  test('is on sale again, and the alert resolved, when its cost falls', async () => {
    await becomeDear();
    shop.stack.platformProxy.restore();
    await shop.stack.advanceClock(MINUTE + 1);
    expect(await packageIdsOnSale()).toContain(id);
    expect(openAlerts()).toEqual([]);
  });

  test('raises another alert when it happens again', async () => {
    await becomeDear();
    await shop.setPrice(id, dear);
    await shop.stack.advanceClock(MINUTE + 1);
    changeCost('medium', dear + 1);
    await packageIdsOnSale();
    expect(openAlerts()).toHaveLength(1);
  });

  test('is still delivered to customers who have ordered it', async () => {
    const order = await shop.paidOrder('medium');
    await becomeDear();
    await shop.waitFor(order, 'delivered');
  });
});
