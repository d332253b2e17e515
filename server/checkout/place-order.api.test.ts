import { randomUUID } from 'node:crypto';
import type { Order } from '@shared/contract';
import { type Customer, type Stack, startStack } from '../testing/harness';
import { shingsouPaths } from '../testing/platform-proxy';
import {
  cardInState,
  findCard,
  newIdempotencyKey,
  packagesFor,
  placeOrder,
  preparePurchase,
  readOrder,
} from '../testing/shopping';

let stack: Stack;
let customer: Customer;
let position = 0;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  customer = await stack.signIn(randomUUID());
  position += 1;
  stack.platformProxy.clearCalls();
});
afterAll(() => stack.close());

function ordersInStore(): number {
  return stack.rows('select id from orders').length;
}

/** The order numbers that the BFF registered at the platform. */
function registered(): string[] {
  return stack.platformProxy.calls
    .filter(({ path }) => path === shingsouPaths.register)
    .map(({ body }) => (JSON.parse(body) as { outTradeNo: string }).outTradeNo);
}

describe('placing an order', () => {
  test('returns an order at the package’s price with payment parameters', async () => {
    const purchase = await preparePurchase(stack, customer, position);
    const order = await placeOrder(customer, purchase);
    expect(order).toMatchObject({
      card: { id: purchase.card.id },
      package: { id: purchase.offer.id, name: purchase.offer.name, dataMb: purchase.offer.dataMb },
      amountFen: purchase.offer.priceFen,
      state: 'awaitingPayment',
      actions: ['pay', 'cancel'],
      paidAt: null,
    });
    expect(order.number).toMatch(/^LK\d{24}$/);
    expect(Date.parse(order.payBefore) - Date.parse(order.createdAt)).toBe(30 * 60_000);
    expect(order.events.map(({ type }) => type)).toEqual(['placed', 'awaitingPayment']);
    expect(order.payment?.package).toMatch(/^prepay_id=/);
    expect(await stack.sandbox.cashier(order.payment, 'cancel')).toBe('requestPayment:fail cancel');
  });

  test('for next month returns the date from which the package is valid', async () => {
    const purchase = await preparePurchase(stack, customer, position);
    purchase.body.effective = 'nextMonth';
    const order = await placeOrder(customer, purchase);
    const next = purchase.offer.effective.find(({ when }) => when === 'nextMonth')!;
    expect(order).toMatchObject({ effective: 'nextMonth', effectiveFrom: next.from });
  });

  test.each([
    ['a price', { priceFen: 1 }],
    ['an amount', { amountFen: 1 }],
    ['a state', { state: 'paid' }],
    ['a number', { number: 'LK1' }],
    ['a user', { userId: randomUUID() }],
  ])('does not take %s from the client', async (_, extra) => {
    const purchase = await preparePurchase(stack, customer, position);
    const before = ordersInStore();
    const problem = await customer.problem('POST /orders', {
      headers: { 'idempotency-key': newIdempotencyKey() },
      body: { ...purchase.body, ...extra },
    });
    expect(problem.code).toBe('request.invalid');
    expect(ordersInStore()).toBe(before);
  });

  test('is refused for a card that the user has not looked up', async () => {
    const purchase = await preparePurchase(stack, await stack.signIn('another user'), position);
    const problem = await customer.problem('POST /orders', {
      headers: { 'idempotency-key': newIdempotencyKey() },
      body: purchase.body,
    });
    expect(problem).toMatchObject({ status: 404, code: 'card.not_found' });
  });

  test('is refused for a package that is not on sale for the card', async () => {
    const purchase = await preparePurchase(stack, customer, position);
    const other = await findCard(customer, (await cardInState(stack, 'mobile', '0')).iccid);
    const [foreign] = await packagesFor(customer, other.id);
    for (const packageId of [foreign!.id, 'none', '套餐', "1' or '1'='1"]) {
      const problem = await customer.problem('POST /orders', {
        headers: { 'idempotency-key': newIdempotencyKey() },
        body: { ...purchase.body, packageId },
      });
      expect(problem).toMatchObject({ status: 404, code: 'package.not_found' });
    }
  });

  test('is refused for a card whose state does not allow it', async () => {
    const card = await findCard(customer, (await cardInState(stack, 'telecom', '3')).iccid);
    const [offer] = await packagesFor(customer, card.id);
    const problem = await customer.problem('POST /orders', {
      headers: { 'idempotency-key': newIdempotencyKey() },
      body: { cardId: card.id, packageId: offer!.id, effective: 'now' },
    });
    expect(problem).toMatchObject({ status: 409, code: 'card.cannot_buy' });
  });

  test('is refused for an add-on for next month', async () => {
    const purchase = await preparePurchase(stack, customer, position);
    const addOn = (await packagesFor(customer, purchase.card.id)).find(
      ({ kind }) => kind === 'addOn',
    )!;
    const problem = await customer.problem('POST /orders', {
      headers: { 'idempotency-key': newIdempotencyKey() },
      body: { ...purchase.body, packageId: addOn.id, effective: 'nextMonth' },
    });
    expect(problem).toMatchObject({ status: 409, code: 'package.cannot_buy' });
  });

  test('is refused with a reason for an add-on without a main package', async () => {
    const cards = await stack.sandbox.cards();
    for (const { iccid } of cards.filter((c) => c.carrier === 'unicom' && c.carrierCode === '1')) {
      const card = await findCard(customer, iccid);
      if (card.currentPackage) continue;
      const addOn = (await packagesFor(customer, card.id)).find(({ kind }) => kind === 'addOn')!;
      const problem = await customer.problem('POST /orders', {
        headers: { 'idempotency-key': newIdempotencyKey(), 'accept-language': 'en' },
        body: { cardId: card.id, packageId: addOn.id, effective: 'now' },
      });
      expect(problem).toMatchObject({
        code: 'package.cannot_buy',
        detail: 'Requires an active main package',
      });
      return;
    }
    throw new Error('every card has a main package');
  });
});

describe('an idempotency key', () => {
  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['one too short', 'a'.repeat(15)],
    ['one too long', 'a'.repeat(65)],
    ['with a space', 'abcdefgh ijklmnop'],
    ['with a quote', "abcdefghijklmnop'"],
  ])('that is %s is refused without an effect', async (_, key) => {
    const purchase = await preparePurchase(stack, customer, position);
    const before = ordersInStore();
    const problem = await customer.problem('POST /orders', {
      ...(key !== undefined && { headers: { 'idempotency-key': key } }),
      body: purchase.body,
    });
    expect(problem).toMatchObject({ status: 400, code: 'idempotency.required' });
    expect(ordersInStore()).toBe(before);
    expect(registered()).toEqual([]);
  });

  test('returns the stored answer byte for byte, without a call to the platform', async () => {
    const purchase = await preparePurchase(stack, customer, position);
    const request = { headers: { 'idempotency-key': newIdempotencyKey() }, body: purchase.body };
    const first = await customer.send('POST /orders', request);
    stack.platformProxy.clearCalls();
    const again = await customer.send('POST /orders', request);
    expect(again.status).toBe(201);
    expect(again.text).toBe(first.text);
    expect(stack.platformProxy.calls).toHaveLength(0);
  });

  test('matches the same request whatever the order of its fields', async () => {
    const purchase = await preparePurchase(stack, customer, position);
    const key = newIdempotencyKey();
    const order = await placeOrder(customer, purchase, key);
    const { cardId, packageId, effective } = purchase.body;
    const body = { effective, packageId, cardId };
    const again = await customer.ok('POST /orders', { headers: { 'idempotency-key': key }, body });
    expect(again).toEqual(order);
  });

  test('with another body is refused without an effect', async () => {
    const purchase = await preparePurchase(stack, customer, position);
    const key = newIdempotencyKey();
    await placeOrder(customer, purchase, key);
    const before = ordersInStore();
    const problem = await customer.problem('POST /orders', {
      headers: { 'idempotency-key': key },
      body: { ...purchase.body, effective: 'nextMonth' },
    });
    expect(problem).toMatchObject({ status: 409, code: 'idempotency.mismatch' });
    expect(ordersInStore()).toBe(before);
  });

  test('is independent of the same key of another user', async () => {
    const key = newIdempotencyKey();
    const order = await placeOrder(customer, await preparePurchase(stack, customer, position), key);
    const other = await stack.signIn('another user');
    const theirs = await placeOrder(other, await preparePurchase(stack, other, position + 1), key);
    expect(theirs.number).not.toBe(order.number);
  });

  test('sent eight times at once creates one order, here and at the platform', async () => {
    const purchase = await preparePurchase(stack, customer, position);
    const before = ordersInStore();
    const key = newIdempotencyKey();
    const orders = await Promise.all(
      Array.from({ length: 8 }, () => placeOrder(customer, purchase, key)),
    );
    expect(new Set(orders.map(({ number }) => number)).size).toBe(1);
    expect(ordersInStore()).toBe(before + 1);
    expect(new Set(registered()).size).toBe(1);
  });

  test('sent eight times at once gets one answer, like every repetition', async () => {
    const { body } = await preparePurchase(stack, customer, position);
    const request = { headers: { 'idempotency-key': newIdempotencyKey() }, body };
    const send = () => customer.send('POST /orders', request);
    const answers = await Promise.all(Array.from({ length: 8 }, send));
    const { text } = await send();
    expect(answers.map((answer) => answer.text)).toEqual(answers.map(() => text));
  });

  test('whose first request failed at the platform completes the same order', async () => {
    const purchase = await preparePurchase(stack, customer, position);
    const key = newIdempotencyKey();
    stack.platformProxy.dropResponsesOf(shingsouPaths.appletPay);
    const problem = await customer.problem('POST /orders', {
      headers: { 'idempotency-key': key },
      body: purchase.body,
    });
    stack.platformProxy.restore();
    expect(problem.code).toBe('payment.unavailable');
    const order = await placeOrder(customer, purchase, key);
    expect(order.id).toBe(problem.orderId);
    expect(order.state).toBe('awaitingPayment');
  });
});

describe('an open order', () => {
  test('is returned for the same purchase with another key', async () => {
    const purchase = await preparePurchase(stack, customer, position);
    const first = await placeOrder(customer, purchase);
    const second = await placeOrder(customer, purchase);
    expect(second).toMatchObject({ id: first.id, number: first.number });
    expect(new Set(registered()).size).toBe(1);
  });

  test('blocks the same package for another time, and is named in the error', async () => {
    const purchase = await preparePurchase(stack, customer, position);
    const { id } = await placeOrder(customer, purchase);
    const problem = await customer.problem('POST /orders', {
      headers: { 'idempotency-key': newIdempotencyKey() },
      body: { ...purchase.body, effective: 'nextMonth' },
    });
    expect(problem).toMatchObject({ status: 409, code: 'order.already_open', orderId: id });
  });

  test('is created once by concurrent requests with different keys', async () => {
    const purchase = await preparePurchase(stack, customer, position);
    const before = ordersInStore();
    const orders = await Promise.all(
      Array.from({ length: 8 }, () => placeOrder(customer, purchase)),
    );
    expect(new Set(orders.map(({ number }) => number)).size).toBe(1);
    expect(ordersInStore()).toBe(before + 1);
    expect(new Set(registered()).size).toBe(1);
  });

  test('does not block another user or another package', async () => {
    const purchase = await preparePurchase(stack, customer, position);
    const mine = await placeOrder(customer, purchase);
    const other = await stack.signIn('another user');
    const theirs = await placeOrder(other, await preparePurchase(stack, other, position));
    const [, another] = (await packagesFor(customer, purchase.card.id)).filter(
      ({ kind }) => kind === 'basic',
    );
    const body = { ...purchase.body, packageId: another!.id };
    const second = await placeOrder(customer, { ...purchase, body });
    expect(new Set([mine.number, theirs.number, second.number]).size).toBe(3);
  });
});

describe('reading orders', () => {
  test('returns one’s own, newest first, page by page', async () => {
    const purchase = await preparePurchase(stack, customer, position);
    const offers = await packagesFor(customer, purchase.card.id);
    const numbers: string[] = [];
    for (const { id } of offers.filter(({ kind }) => kind === 'basic').slice(0, 5)) {
      const body = { ...purchase.body, packageId: id };
      numbers.unshift((await placeOrder(customer, { ...purchase, body })).number);
    }
    const read: string[] = [];
    let cursor: string | null = null;
    do {
      const query: { limit: number; cursor?: string } = { limit: 2, ...(cursor && { cursor }) };
      const page: { items: Order[]; nextCursor: string | null } = await customer.ok('GET /orders', {
        query,
      });
      expect(page.items.length).toBeLessThanOrEqual(2);
      read.push(...page.items.map(({ number }) => number));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(read).toEqual(numbers);
  });

  test('with an invalid cursor returns no orders of others', async () => {
    await placeOrder(customer, await preparePurchase(stack, customer, position));
    const stranger = await stack.signIn(randomUUID());
    for (const cursor of [
      'zzzz',
      'ffffffff-ffff-7fff-bfff-ffffffffffff',
      "' or 1=1 --",
      '下一页',
    ]) {
      const page = await stranger.ok('GET /orders', { query: { cursor } });
      expect(page).toEqual({ items: [], nextCursor: null });
    }
  });

  test('of another user is not found, whatever the request', async () => {
    const order = await placeOrder(customer, await preparePurchase(stack, customer, position));
    const stranger = await stack.signIn(randomUUID());
    const params = { orderId: order.id };
    for (const key of [
      'GET /orders/:orderId',
      'POST /orders/:orderId/payment',
      'POST /orders/:orderId/cancel',
    ] as const) {
      expect(await stranger.problem(key, { params })).toMatchObject({
        status: 404,
        code: 'order.not_found',
      });
      const unknown = { params: { orderId: randomUUID() } };
      expect((await customer.problem(key, unknown)).code).toBe('order.not_found');
    }
    expect((await stranger.ok('GET /orders', { query: {} })).items).toEqual([]);
    expect(await readOrder(customer, order.id)).toMatchObject({ state: 'awaitingPayment' });
  });

  test('that are not settled queries the channel, but at most once a second', async () => {
    const order = await placeOrder(customer, await preparePurchase(stack, customer, position));
    stack.platformProxy.clearCalls();
    await Promise.all(Array.from({ length: 8 }, () => readOrder(customer, order.id)));
    expect(stack.platformProxy.count(shingsouPaths.query)).toBe(1);
    await stack.advanceClock(1_001);
    await readOrder(customer, order.id);
    expect(stack.platformProxy.count(shingsouPaths.query)).toBeGreaterThanOrEqual(2);
  });

  test('never returns a full card number', async () => {
    const purchase = await preparePurchase(stack, customer, position);
    const { iccid } = await cardInState(stack, 'telecom', '1', position);
    await placeOrder(customer, purchase);
    const { text } = await customer.send('GET /orders', { query: {} });
    expect(text).not.toContain(iccid);
  });
});
