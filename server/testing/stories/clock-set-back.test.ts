import { startStack, type Stack } from '../harness';
import {
  cardInState,
  findCard,
  placeOrder,
  readOrder,
  waitForState,
  preparePurchase,
} from '../shopping';

const HOUR = 60 * 60_000;

let stack: Stack;
beforeEach(async () => {
  stack = await startStack();
  await stack.sandbox.faults({ loseNotifications: true });
});
afterEach(() => stack.close());

test('after the clock was set back by an hour, reading an order still finds its payment', async () => {
  const customer = await stack.signIn();
  const order = await placeOrder(customer, await preparePurchase(stack, customer));
  await readOrder(customer, order.id);
  await stack.advanceClock(-HOUR);
  await stack.sandbox.cashier(order.payment, 'pay');
  expect((await readOrder(customer, order.id)).paidAt).not.toBeNull();
});

test('after the clock was set back by an hour, the worker still advances an order', async () => {
  const customer = await stack.signIn();
  const order = await placeOrder(customer, await preparePurchase(stack, customer));
  await stack.advanceClock(-HOUR);
  await stack.sandbox.cashier(order.payment, 'pay');
  await stack.advanceClock(60_000);
  await waitForState(customer, order.id, 'delivered');
});

test('after the clock was set back by an hour, a cached report expires', async () => {
  const customer = await stack.signIn();
  const { iccid } = await cardInState(stack, 'telecom', '1');
  const card = await findCard(customer, iccid);
  await stack.advanceClock(-HOUR);
  const params = { cardId: card.id };
  const refreshed = await customer.ok('POST /cards/:cardId/refresh', { params });
  expect(Date.parse(refreshed.fetchedAt)).toBeLessThan(Date.parse(card.fetchedAt));
  await stack.advanceClock(-HOUR);
  const { fetchedAt } = await findCard(customer, iccid);
  expect(Date.parse(fetchedAt)).toBeLessThan(Date.parse(refreshed.fetchedAt));
});

test('after the clock was set back by an hour, a cached catalogue expires', async () => {
  const customer = await stack.signIn();
  const { card } = await preparePurchase(stack, customer);
  await stack.advanceClock(-HOUR);
  await stack.sandbox.faults({ gatewayDown: true });
  const params = { cardId: card.id };
  const problem = await customer.problem('GET /cards/:cardId/packages', { params });
  expect(problem.code).toBe('platform.unavailable');
});
