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

/** The shop's own prices for packages that their platform leaves to it to price. */

const shop = openDakashiShop();
const MINUTE = 60_000;
const SET_PRICE = 'PUT /support/prices/:platform/:packageId';

afterEach(async () => {
  // A shelf is asked for once a minute: the next test sees its own.
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

/** 大卡师 sells a package to the shop at another price from now on. */
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
  test('holds for the next who looks, at once, and not for orders that are made already', async () => {
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

  test('that changed asks the customer for a new order instead of taking another amount', async () => {
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

  test('may be what the package costs, and not a fen less', async () => {
    const { id, costFen } = dakashiPackages.large;
    expect(await shop.supervisor.ok(SET_PRICE, priceRequestFor('large', costFen))).toMatchObject({
      ...{ priceFen: costFen, costFen, onSale: true },
    });
    const problem = await shop.supervisor.problem(SET_PRICE, priceRequest(id, costFen - 1));
    expect(problem).toMatchObject({ status: 409, code: 'price.below_cost' });
    expect(await priceOfPackage('large')).toMatchObject({ priceFen: costFen });
  });

  test('is taken away with null, and with it the package from the shelf', async () => {
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

  test('is needed: what has none is seen by staff, and by no customer', async () => {
    const { id, costFen } = dakashiPackages.addOn;
    shop.stack.write('delete from package_prices where package_id = ?', id);
    expect(await packageIdsOnSale()).not.toContain(id);
    expect(await priceOfPackage('addOn')).toMatchObject({
      ...{ platform: 'dakashi', name: '叠加包 1GB', costFen, priceFen: null },
      ...{ onSale: false, pricedAt: null },
    });
  });

  test.each([
    ['no amount', undefined],
    ['nothing', 0],
    ['less than nothing', -100],
    ['a part of a fen', 600.5],
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

describe('the price book', () => {
  test('is read by agents, and written by supervisors alone', async () => {
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

  test('keeps no packages of platforms that set the price themselves', async () => {
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
  ])('says so when it is asked about %s', async (_, card, status, code) => {
    const problem = await shop.supervisor.problem('GET /support/prices', { query: { card } });
    expect(problem).toMatchObject({ status, code });
  });

  test('has every change in the audit, with who made it', async () => {
    await shop.setPrice(dakashiPackages.small.id, 777);
    const [entry] = shop.stack.rows(
      'select action, subject, username from audit join staff on staff.id = audit.staff_id order by audit.id desc limit 1',
    );
    expect(entry).toEqual({
      ...{ action: 'prices.set 777', subject: `dakashi/${dakashiPackages.small.id}` },
      username: 'supervisor',
    });
  });
});

describe('a package that has come to cost more than its customers pay', () => {
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

  test('is off the shelf, and a person is called, once', async () => {
    await becomeDear();
    expect(openAlerts()).toEqual([{ kind: 'priceBelowCost', detail: id }]);
    await shop.stack.advanceClock(MINUTE + 1);
    await packageIdsOnSale();
    expect(openAlerts()).toHaveLength(1);
    expect(await priceOfPackage('medium')).toMatchObject({ costFen: dear, onSale: false });
  });

  test('cannot be ordered by those who saw it before', async () => {
    const purchase = await shop.purchase('medium');
    await becomeDear();
    const problem = await shop.customer.problem('POST /orders', {
      headers: { 'idempotency-key': newIdempotencyKey() },
      body: purchase.body,
    });
    expect(problem).toMatchObject({ status: 404, code: 'package.not_found' });
  });

  test('is back, and the alert settled, when its price is raised', async () => {
    await becomeDear();
    await shop.setPrice(id, dear);
    expect(await packageIdsOnSale()).toContain(id);
    expect(openAlerts()).toEqual([]);
  });

  test('is settled as well when it is taken off the shelf for good', async () => {
    await becomeDear();
    await shop.setPrice(id, null);
    expect(openAlerts()).toEqual([]);
  });

  test('is back, and the alert settled, when it costs less again', async () => {
    await becomeDear();
    shop.stack.platformProxy.restore();
    await shop.stack.advanceClock(MINUTE + 1);
    expect(await packageIdsOnSale()).toContain(id);
    expect(openAlerts()).toEqual([]);
  });

  test('calls again when it happens a second time', async () => {
    await becomeDear();
    await shop.setPrice(id, dear);
    await shop.stack.advanceClock(MINUTE + 1);
    changeCost('medium', dear + 1);
    await packageIdsOnSale();
    expect(openAlerts()).toHaveLength(1);
  });

  test('is still delivered to those who have ordered it', async () => {
    const order = await shop.paidOrder('medium');
    await becomeDear();
    await shop.waitFor(order, 'delivered');
  });
});
