import { dakashiPackages, openDakashiShop, serials } from '../dakashi-shop';
import { eventually } from '../eventually';
import { storedOrder, findCard, newIdempotencyKey } from '../shopping';
import { dakashiPaths } from '../platform-proxy';

/** A platform that is removed from CARDS, with and without its credentials, while orders are open. */

const shop = openDakashiShop();

const WITHOUT_DAKASHI = { CARDS: 'shingsou' } as const;
const WITHOUT_CREDENTIALS = {
  ...WITHOUT_DAKASHI,
  DAKASHI_URL: '',
  DAKASHI_DIALECT: '',
  DAKASHI_CLIENT_ID: '',
  DAKASHI_CLIENT_SECRET: '',
} as const;

async function restart(changes: Readonly<Record<string, string>> = {}): Promise<void> {
  await shop.stack.stopServer();
  await shop.stack.startServer(changes);
}

afterEach(() => restart());

/** A paid order that is still `delivering`, because the platform did not answer. */
async function deliveringOrder() {
  shop.stack.platformProxy.dropRequestsTo(dakashiPaths.cardPackages);
  const order = await shop.paidOrder('small');
  await shop.waitFor(order, 'delivering');
  return order;
}

test('a platform that is not in CARDS serves no new cards, but its paid orders are delivered', async () => {
  const before = await shop.countOnCard('small');
  const order = await deliveringOrder();
  await restart(WITHOUT_DAKASHI);
  shop.stack.platformProxy.restore();
  await shop.waitFor(order, 'delivered');
  expect(await shop.countOnCard('small')).toBe(before + 1);
  shop.stack.platformProxy.clearCalls();
  const query = { number: '87000002' };
  const problem = await shop.customer.problem('GET /cards', { query });
  expect(problem).toMatchObject({ status: 404, code: 'card.not_found' });
  expect(shop.stack.platformProxy.count(dakashiPaths.info)).toBe(0);
});

test('a platform without credentials raises an alert for its open orders until it is configured again', async () => {
  const before = await shop.countOnCard('small');
  const order = await deliveringOrder();
  await restart(WITHOUT_CREDENTIALS);
  shop.stack.platformProxy.restore();
  await eventually('a person is called', async () => {
    await shop.stack.advanceClock(5_000);
    return shop.alerts(order.id).includes('platformMissing');
  });
  await shop.stack.advanceClock(60_000);
  expect(shop.alerts(order.id)).toEqual(['platformMissing']);
  expect((await storedOrder(shop.customer, order.id)).state).toBe('delivering');
  const { items } = await shop.supervisor.ok('GET /support/orders', {
    query: { query: order.number },
  });
  expect(items.map(({ id }) => id)).toEqual([order.id]);
  await restart();
  await shop.waitFor(order, 'delivered');
  expect(shop.alerts(order.id)).toEqual([]);
  expect(await shop.countOnCard('small')).toBe(before + 1);
});

test('cards of a removed platform show their last report, and have no packages on sale', async () => {
  const seen = await findCard(shop.customer, serials.online);
  await restart(WITHOUT_CREDENTIALS);
  await shop.stack.advanceClock(2 * 60_000);
  const params = { cardId: seen.id };
  const card = await shop.customer.ok('GET /cards/:cardId', { params });
  expect(card.fetchedAt).toBe(seen.fetchedAt);
  const { categories } = await shop.customer.ok('GET /cards/:cardId/packages', { params });
  expect(categories).toEqual([]);
  const problem = await shop.customer.problem('POST /orders', {
    headers: { 'idempotency-key': newIdempotencyKey() },
    body: { cardId: seen.id, packageId: dakashiPackages.small.id, effective: 'now' },
  });
  expect(problem).toMatchObject({ status: 404, code: 'package.not_found' });
});

test('callbacks of a removed platform are refused', async () => {
  await restart(WITHOUT_CREDENTIALS);
  const { status } = await shop.stack.anyone.raw({
    method: 'POST',
    path: '/api/v1/notifications/dakashi',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action_type: 1, order_no: '202603151200001234567890' }),
  });
  expect(status).toBe(404);
});
