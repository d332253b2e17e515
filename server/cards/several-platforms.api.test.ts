import { randomUUID } from 'node:crypto';
import { maskNumber } from '@shared/card-number';
import { dakashiPackages, openDakashiShop, serials } from '../testing/dakashi-shop';
import type { HttpResponse } from '../testing/contract-check';
import { eventually } from '../testing/eventually';
import { findCard, placeOrder, preparePurchase } from '../testing/shopping';
import { dakashiPaths } from '../testing/platform-proxy';

/** Looking up cards of 旭宇 and of 大卡师. */

const shop = openDakashiShop();

async function iccidOf(serial: string): Promise<string> {
  const { cards } = await shop.stack.sandbox.dakashiState();
  const card = cards.find(({ serialNo }) => serialNo === serial);
  return card?.iccid ?? '';
}

async function iccidOfShingsou(position: number): Promise<string> {
  const cards = await shop.stack.sandbox.cards();
  const healthy = cards.filter(
    ({ platform, carrier, carrierCode }) =>
      platform === 'shingsou' && carrier === 'telecom' && carrierCode === '1',
  );
  return healthy[position]?.iccid ?? '';
}

function search(number: string): Promise<HttpResponse> {
  return shop.customer.send('GET /cards', { query: { number } });
}

function platformsIn({ body }: HttpResponse): string[] {
  return (body as { items: { platform: string }[] }).items.map(({ platform }) => platform);
}

describe('a number that two platforms know', () => {
  test('means two cards, in the order of the platforms', async () => {
    const iccid = await iccidOf(serials.shared);
    const { items } = await shop.customer.ok('GET /cards', { query: { number: iccid } });
    expect(items.map(({ platform }) => platform)).toEqual(['shingsou', 'dakashi']);
    expect(items.map((card) => card.iccid)).toEqual([maskNumber(iccid), maskNumber(iccid)]);
    expect(new Set(items.map(({ id }) => id)).size).toBe(2);
  });

  test('can be added to the wallet only by the id of one of the cards', async () => {
    const iccid = await iccidOf(serials.shared);
    const { items } = await shop.customer.ok('GET /cards', { query: { number: iccid } });
    const body = { number: iccid };
    const problem = await shop.customer.problem('POST /me/cards', { body });
    expect(problem).toMatchObject({ status: 400, code: 'card.number_invalid' });
    await shop.customer.ok('POST /me/cards', { body: { cardId: items[1]!.id } });
    const wallet = await shop.customer.ok('GET /me/cards', { query: {} });
    expect(wallet.items.map(({ id, platform }) => [id, platform])).toEqual([
      [items[1]!.id, 'dakashi'],
    ]);
  });

  test('offers for each card the packages of its own platform', async () => {
    const iccid = await iccidOf(serials.shared);
    const { items } = await shop.customer.ok('GET /cards', { query: { number: iccid } });
    const shelves = [];
    for (const { id: cardId } of items) {
      const shelf = await shop.customer.ok('GET /cards/:cardId/packages', { params: { cardId } });
      shelves.push(shelf.categories.flatMap(({ packages }) => packages.map(({ id }) => id)));
    }
    expect(shelves[1]).toContain(dakashiPackages.small.id);
    expect(shelves[0]).not.toContain(dakashiPackages.small.id);
    expect(shelves[0]!.length).toBeGreaterThan(0);
  });
});

describe('a platform that does not answer', () => {
  test('does not hide cards of 旭宇 (大卡师 is down)', async () => {
    const iccid = await iccidOfShingsou(0);
    await shop.stack.sandbox.faults({ dakashiDown: true });
    expect(platformsIn(await search(iccid))).toEqual(['shingsou']);
  });

  test('does not hide cards of 大卡师 (旭宇 is down)', async () => {
    await shop.stack.sandbox.faults({ gatewayDown: true });
    expect(platformsIn(await search(await iccidOf(serials.online)))).toEqual(['dakashi']);
  });

  test.each([
    ['大卡师', { dakashiDown: true }],
    ['旭宇', { gatewayDown: true }],
  ])('makes the look-up of an unknown number fail (%s is down)', async (_, faults) => {
    await shop.stack.sandbox.faults(faults);
    const { body } = await search('4711471147');
    expect(body).toMatchObject({ status: 503, code: 'platform.unavailable' });
  });

  test('is not reported as busy after many look-ups, and is not queried for a while', async () => {
    const customer = await shop.stack.signIn(randomUUID());
    await shop.stack.sandbox.faults({ dakashiDown: true });
    const codes = new Set<string>();
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const number = `47${String(attempt).padStart(8, '0')}`;
      codes.add((await customer.problem('GET /cards', { query: { number } })).code);
    }
    expect(codes).toEqual(new Set(['platform.unavailable']));
  });

  test('does not count as a miss of the user', async () => {
    const customer = await shop.stack.signIn(randomUUID());
    await shop.stack.sandbox.faults({ dakashiDown: true });
    for (let attempt = 0; attempt < 31; attempt += 1) {
      const number = `48${String(attempt).padStart(8, '0')}`;
      const { status } = await customer.send('GET /cards', { query: { number } });
      expect(status).toBe(503);
    }
    await shop.stack.sandbox.faults();
    await eventually('大卡师 is asked again', async () => {
      const { status } = await customer.send('GET /cards', { query: { number: '4711471147' } });
      return status === 404;
    });
  });

  test('does not prevent a known card from being shown with its last report', async () => {
    const seen = await findCard(shop.customer, serials.online);
    await shop.stack.advanceClock(2 * 60_000);
    await shop.stack.sandbox.faults({ dakashiDown: true });
    const params = { cardId: seen.id };
    const card = await shop.customer.ok('GET /cards/:cardId', { params });
    expect(card.fetchedAt).toBe(seen.fetchedAt);
  });
});

test('a number is reported as not found only if all platforms have answered', async () => {
  const { body } = await search('4711471147');
  expect(body).toMatchObject({ status: 404, code: 'card.not_found' });
  expect(shop.stack.platformProxy.count(dakashiPaths.info)).toBe(1);
});

describe('reading a card', () => {
  test('concurrently causes one query to its platform', async () => {
    const { id: cardId } = await findCard(shop.customer, serials.shared);
    await shop.stack.advanceClock(2 * 60_000);
    shop.stack.platformProxy.clearCalls();
    await Promise.all(
      Array.from({ length: 50 }, () =>
        shop.customer.ok('GET /cards/:cardId', { params: { cardId } }),
      ),
    );
    expect(shop.stack.platformProxy.count(dakashiPaths.info)).toBe(1);
    expect(shop.stack.platformProxy.count(dakashiPaths.cardPackages)).toBe(1);
  });

  test('by its number, by fifty users concurrently, causes one search and one query', async () => {
    const people = [shop.customer, await shop.stack.signIn(randomUUID())];
    await shop.stack.advanceClock(6 * 60_000);
    shop.stack.platformProxy.clearCalls();
    const found = await Promise.all(
      Array.from({ length: 50 }, (_, index) => findCard(people[index % 2]!, serials.shared)),
    );
    expect(new Set(found.map(({ id }) => id)).size).toBe(1);
    // One to find it by the number, and one for its report.
    expect(shop.stack.platformProxy.count(dakashiPaths.info)).toBe(2);
  });

  test('soon after the last query waits for the interval of the platform', async () => {
    const { id: cardId } = await findCard(shop.customer, serials.online);
    await shop.stack.advanceClock(2 * 60_000);
    await shop.stack.sandbox.faults({ dakashiRefuses: 55012 });
    const looking = shop.customer.ok('POST /cards/:cardId/refresh', { params: { cardId } });
    await eventually(
      'it was refused once',
      () => shop.stack.platformProxy.count(dakashiPaths.info) > 0,
    );
    await shop.stack.sandbox.faults();
    expect((await looking).id).toBe(cardId);
  });

  test('is refused as busy if the platform limits queries for too long', async () => {
    await shop.stack.sandbox.faults({ dakashiRefuses: 55012 });
    const answer = await search(serials.shared.replace('6', '2'));
    expect(answer.body).toMatchObject({
      status: 503,
      code: 'platform.busy',
      title: '查询人数较多',
    });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

test('orders of both platforms are paid through one channel, and each is delivered by its platform', async () => {
  const first = await placeOrder(
    shop.customer,
    await preparePurchase(shop.stack, shop.customer, 2),
  );
  const second = await placeOrder(shop.customer, await shop.purchase('small'));
  for (const order of [first, second]) await shop.pay(order);
  for (const order of [first, second]) await shop.waitFor(order, 'delivered');
  const { deliveries } = await shop.stack.sandbox.ledger();
  expect(deliveries.filter(({ orderNumber }) => orderNumber === first.number)).toHaveLength(1);
  expect(deliveries.filter(({ platform }) => platform === 'dakashi')).toHaveLength(1);
});
