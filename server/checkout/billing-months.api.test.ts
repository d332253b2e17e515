import { randomUUID } from 'node:crypto';
import { startOfBillingMonth } from '@shared/billing-month';
import { beijingDate } from '@shared/beijing-time';
import { type Customer, type Stack, startStack } from '../testing/harness';
import {
  advanceUntilState,
  cardInState,
  findCard,
  newIdempotencyKey,
  packagesFor,
  placeOrder,
  preparePurchase,
  type Purchase,
} from '../testing/shopping';

/** Orders near the end of a billing month, paid through 旭宇, which takes only relative starts. */

const MINUTE = 60_000;
const CALENDAR_MONTH = 31;

let stack: Stack;
let customer: Customer;
let purchase: Purchase;
let monthEnd: number;
let position = 0;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  // Each test has a month of its own, and sees its last twenty minutes.
  monthEnd = startOfBillingMonth(stack.now(), CALENDAR_MONTH, 1);
  await stack.advanceClock(monthEnd - 20 * MINUTE - stack.now());
  customer = await stack.signIn(randomUUID());
  purchase = await preparePurchase(stack, customer, position);
  position += 1;
});
afterAll(() => stack.close());

const startOf = (when: 'now' | 'nextMonth') => {
  const found = purchase.offer.effective.find((effective) => effective.when === when);
  if (!found) throw new Error(`not for ${when}`);
  return found;
};

function refuseOrder(change: object) {
  return customer.problem('POST /orders', {
    headers: { 'idempotency-key': newIdempotencyKey() },
    body: { ...purchase.body, ...change },
  });
}

test('a customer is warned before paying for a month that ends today', () => {
  const { until, warning } = startOf('now');
  expect(Date.parse(until)).toBe(monthEnd - 1);
  expect(warning).toBe(
    `今天（${beijingDate(monthEnd - 1)}）24 点到期，没用完的流量会清零。不急用的话，可以选“次月生效”。`,
  );
  expect(startOf('nextMonth')).toMatchObject({
    from: new Date(monthEnd).toISOString(),
    warning: null,
  });
});

test('the time to pay ends two minutes before the month, and the order is closed', async () => {
  purchase.body.effective = 'nextMonth';
  const order = await placeOrder(customer, purchase);
  expect(order.effectiveFrom).toBe(startOf('nextMonth').from);
  expect(order.effectiveUntil).toBe(startOf('nextMonth').until);
  expect(Date.parse(order.payBefore)).toBe(monthEnd - 2 * MINUTE);
  await stack.advanceClock(Date.parse(order.payBefore) - stack.now());
  expect(await stack.sandbox.cashier(order.payment, 'pay')).not.toBe('requestPayment:ok');
  await advanceUntilState(stack, customer, order.id, { state: 'closed' });
});

test('nothing is sold in the last four minutes of a month, and everything is sold after them', async () => {
  await stack.advanceClock(monthEnd - 3.9 * MINUTE - stack.now());
  const problem = await refuseOrder({ effective: 'nextMonth' });
  expect(problem.code).toBe('package.month_ending');
  await stack.advanceClock(monthEnd + MINUTE - stack.now());
  const order = await placeOrder(customer, purchase);
  expect(Date.parse(order.payBefore) - Date.parse(order.createdAt)).toBe(30 * MINUTE);
});

test('an order is refused if it would start in another month than the customer was shown', async () => {
  await stack.advanceClock(monthEnd + MINUTE - stack.now());
  for (const effective of ['now', 'nextMonth'] as const) {
    const effectiveFrom = startOf(effective).from;
    expect(await refuseOrder({ effective, effectiveFrom })).toMatchObject({
      status: 409,
      code: 'package.period_changed',
    });
  }
  const [shownNow] = (await packagesFor(customer, purchase.card.id)).find(
    ({ id }) => id === purchase.offer.id,
  )!.effective;
  const body = { ...purchase.body, effectiveFrom: shownNow!.from };
  const headers = { 'idempotency-key': newIdempotencyKey() };
  expect((await customer.ok('POST /orders', { headers, body })).state).toBe('awaitingPayment');
});

test('a retry under the same key is refused if the customer was shown another month since', async () => {
  const headers = { 'idempotency-key': newIdempotencyKey() };
  const body = { ...purchase.body, effectiveFrom: startOf('now').from };
  const order = await customer.ok('POST /orders', { headers, body });
  const retry = { ...body, effectiveFrom: new Date(stack.now()).toISOString() };
  expect((await customer.ok('POST /orders', { headers, body: retry })).id).toBe(order.id);
  const changed = { ...body, effectiveFrom: new Date(monthEnd).toISOString() };
  expect(await customer.problem('POST /orders', { headers, body: changed })).toMatchObject({
    code: 'package.period_changed',
  });
});

test('cards of 中国联通 are billed from the 27th to the 26th, and delivered so', async () => {
  await stack.advanceClock(monthEnd + MINUTE - stack.now());
  const { iccid } = await cardInState(stack, 'unicom', '1');
  const card = await findCard(customer, iccid);
  const offer = (await packagesFor(customer, card.id)).find(
    ({ kind, canBuy }) => kind === 'basic' && canBuy,
  );
  if (!offer) throw new Error('nothing is on sale');
  const [now, nextMonth] = offer.effective;
  expect(beijingDate(Date.parse(now!.until)).slice(-2)).toBe('26');
  expect(Date.parse(nextMonth!.from)).toBe(Date.parse(now!.until) + 1);
  expect(offer.explanation).toBe('每月的主套餐，账期内有效，每月 26 日清零。');
  const body = { cardId: card.id, packageId: offer.id, effective: 'nextMonth' } as const;
  const order = await placeOrder(customer, { card, offer, body });
  expect(await stack.sandbox.cashier(order.payment, 'pay')).toBe('requestPayment:ok');
  await advanceUntilState(stack, customer, order.id, { state: 'delivered' });
  const params = { cardId: card.id };
  const { items } = await customer.ok('GET /cards/:cardId/subscriptions', { params });
  expect(items.find(({ from }) => from === nextMonth!.from)).toMatchObject({
    name: offer.name,
    until: expect.stringMatching(/-26T15:59:59/) as string,
  });
});
