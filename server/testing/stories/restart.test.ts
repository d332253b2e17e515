import { startServer } from '../../server';
import { startStack, type Stack } from '../harness';
import {
  ledgerOf,
  storedOrder,
  newIdempotencyKey,
  placeOrder,
  readOrder,
  waitForState,
  preparePurchase,
} from '../shopping';

let stack: Stack;
beforeEach(async () => {
  stack = await startStack();
});
afterEach(() => stack.close());

test('a BFF that was down after the payment delivers after its restart', async () => {
  const customer = await stack.signIn();
  const order = await placeOrder(customer, await preparePurchase(stack, customer));
  await stack.stopServer();
  await stack.sandbox.cashier(order.payment, 'pay');
  await stack.advanceClock(60_000);
  await stack.startServer();
  await waitForState(customer, order.id, 'delivered');
  const { payment, delivered } = await ledgerOf(stack, order.number);
  expect([payment?.amountFen, delivered]).toEqual([order.amountFen, 1]);
});

test('a delivery in progress is continued after a restart', async () => {
  const customer = await stack.signIn();
  const order = await placeOrder(customer, await preparePurchase(stack, customer));
  await stack.sandbox.faults({ deliveryStuck: true });
  await stack.sandbox.cashier(order.payment, 'pay');
  await waitForState(customer, order.id, 'delivering');
  await stack.stopServer();
  await stack.sandbox.faults();
  await stack.advanceClock(10_000);
  await stack.startServer();
  await waitForState(customer, order.id, 'delivered');
});

test('sessions, wallets, idempotency keys and orders survive a restart', async () => {
  const customer = await stack.signIn();
  const purchase = await preparePurchase(stack, customer);
  await customer.ok('POST /me/cards', { body: { cardId: purchase.card.id, nickname: '备用' } });
  const request = { headers: { 'idempotency-key': newIdempotencyKey() }, body: purchase.body };
  const first = await customer.send('POST /orders', request);
  await stack.stopServer();
  await stack.startServer();
  const again = await customer.send('POST /orders', request);
  expect(again.text).toBe(first.text);
  const { items } = await customer.ok('GET /me/cards', {});
  expect(items.map(({ nickname }) => nickname)).toEqual(['备用']);
  const { id } = first.body as { id: string };
  expect((await readOrder(customer, id)).state).toBe('awaitingPayment');
});

test('an order from before a restart is paid under the same number', async () => {
  const customer = await stack.signIn();
  const order = await placeOrder(customer, await preparePurchase(stack, customer));
  await stack.stopServer();
  await stack.startServer();
  const params = { orderId: order.id };
  const { payment } = await customer.ok('POST /orders/:orderId/payment', { params });
  await stack.sandbox.cashier(payment, 'pay');
  await stack.advanceClock(4_000);
  await waitForState(customer, order.id, 'delivered');
  expect((await storedOrder(customer, order.id)).number).toBe(order.number);
});

test('a request in flight at shutdown is still answered', async () => {
  const customer = await stack.signIn();
  const purchase = await preparePurchase(stack, customer);
  await stack.sandbox.faults({ gatewaySlowMs: 400 });
  const placing = placeOrder(customer, purchase);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const stopping = stack.stopServer();
  const order = await placing;
  await stopping;
  expect(order.state).toBe('awaitingPayment');
  await stack.startServer();
});

test('a second BFF on the same file is refused before it listens', async () => {
  await stack.close();
  stack = await startStack({ store: 'sqlite' });
  const settings = { DATABASE_URL: stack.databaseUrl, PORT: '0' };
  const starting = startServer({
    ...settings,
    LOG_LEVEL: 'silent',
    SHINGSOU_CLIENT_ID: 'shop',
    SHINGSOU_CLIENT_SECRET: 'secret-secret',
    SHINGSOU_SUBSCRIPTION_KEY: 'subscription',
    WECHAT_APP_ID: 'wx0123456789abcdef',
  });
  await expect(starting).rejects.toThrow(/another process is using .*liuka\.db/);
  const customer = await stack.signIn();
  expect((await customer.ok('GET /me', {})).id).toBe(customer.userId);
});
