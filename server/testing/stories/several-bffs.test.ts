import { Agent } from 'undici';
import { startServer, type RunningServer } from '../../server';
import { createApiClient, type ApiClient } from '../api-client';
import { eventually, startStack, type Customer, type Stack } from '../harness';
import {
  ledgerOf,
  newIdempotencyKey,
  waitForState,
  preparePurchase,
  type Purchase,
} from '../shopping';

/** Two BFFs on one PostgreSQL, with the same public address. */

let stack: Stack;
let second: RunningServer;
let connections: Agent;
let firstClient: Customer;
let secondClient: ApiClient;
beforeAll(async () => {
  stack = await startStack({ store: 'postgres' });
  second = await startSecond();
  connections = new Agent();
  firstClient = await stack.signIn();
  secondClient = createApiClient({
    origin: () => second.url,
    dispatcher: () => connections,
    token: firstClient.token,
    onResponse: () => undefined,
  });
});
afterAll(async () => {
  await connections.close();
  await second.close();
  await stack.close();
});

/** Both have the same notify URL: a channel refuses an order number with another one. */
function startSecond(): Promise<RunningServer> {
  const settings = { ...stack.environment, PORT: '0', PUBLIC_URL: stack.origin() };
  return startServer(settings, { clock: stack.now });
}

/** Sends the same order to both, several times at once. */
async function placeAtBoth({ body }: Purchase, keyOf: () => string) {
  const clients = [firstClient, secondClient, firstClient, secondClient, firstClient, secondClient];
  return Promise.all(
    clients.map((client) =>
      client.ok('POST /orders', { headers: { 'idempotency-key': keyOf() }, body }),
    ),
  );
}

function count(query: string, ...values: unknown[]): number {
  return Number(stack.rows(`select count(*) as count from ${query}`, ...values)[0]?.count);
}

test('one idempotency key at both makes one order, with the same response for all', async () => {
  const key = newIdempotencyKey();
  const orders = await placeAtBoth(await preparePurchase(stack, firstClient, 0), () => key);
  expect(new Set(orders.map((order) => JSON.stringify(order))).size).toBe(1);
  expect(count('orders where id = ?', orders[0]?.id)).toBe(1);
});

test('a customer has one open order per card and package across both', async () => {
  const purchase = await preparePurchase(stack, firstClient, 1);
  const orders = await placeAtBoth(purchase, newIdempotencyKey);
  expect(new Set(orders.map(({ number }) => number)).size).toBe(1);
  expect(count('orders where card_id = ?', purchase.card.id)).toBe(1);
});

test('orders are paid and delivered once, and no job runs in both at a time', async () => {
  const purchases = await Promise.all(
    [2, 3, 4, 5].map((position) => preparePurchase(stack, firstClient, position)),
  );
  const orders = await Promise.all(
    purchases.map(({ body }, index) =>
      (index % 2 === 0 ? firstClient : secondClient).ok('POST /orders', {
        headers: { 'idempotency-key': newIdempotencyKey() },
        body,
      }),
    ),
  );
  await Promise.all(orders.map(({ payment }) => stack.sandbox.cashier(payment, 'pay')));
  for (let step = 0; step < 3; step += 1) await stack.advanceClock(5_000);
  for (const order of orders) {
    await waitForState(firstClient, order.id, 'delivered');
    const { payment, delivered } = await ledgerOf(stack, order.number);
    expect([payment?.amountFen, delivered]).toEqual([order.amountFen, 1]);
    expect(count('captures where order_id = ?', order.id)).toBe(1);
    expect(count("order_events where order_id = ? and type = 'delivered'", order.id)).toBe(1);
  }
});

test('one continues the work of the other after it stops', async () => {
  const { body } = await preparePurchase(stack, firstClient, 6);
  const order = await secondClient.ok('POST /orders', {
    headers: { 'idempotency-key': newIdempotencyKey() },
    body,
  });
  await second.close();
  await stack.sandbox.cashier(order.payment, 'pay');
  await stack.advanceClock(11_000);
  await waitForState(firstClient, order.id, 'delivered');
  await eventually('nothing is held by the one that is gone', () => {
    return count('jobs where lease_token is not null') === 0;
  });
  second = await startSecond();
});
