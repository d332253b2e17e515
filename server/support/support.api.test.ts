import { randomUUID } from 'node:crypto';
import { maskNumber } from '@shared/card-number';
import type { ApiClient } from '../testing/api-client';
import { STAFF_PASSWORD, startStack, type Customer, type Stack } from '../testing/harness';
import {
  cardInState,
  findCard,
  placeOrder,
  waitForState,
  preparePurchase,
} from '../testing/shopping';

let stack: Stack;
let staff: ApiClient;
beforeAll(async () => {
  stack = await startStack();
  staff = await stack.signInStaff('lin');
});
afterAll(() => stack.close());

function signIn(username: string, password: string) {
  return stack
    .withToken(undefined)
    .send('POST /support/sessions', { body: { username, password } });
}

function audits() {
  return stack.rows('select action, subject, staff_id, request_id from audit order by id');
}

async function deliveredOrder(customer: Customer, position: number) {
  const order = await placeOrder(customer, await preparePurchase(stack, customer, position));
  await stack.sandbox.cashier(order.payment, 'pay');
  await stack.advanceClock(4_000);
  return waitForState(customer, order.id, 'delivered');
}

describe('staff sign in', () => {
  test('with name and password, for twelve hours', async () => {
    await stack.signInStaff('twelve-hours', 'supervisor');
    const answer = await signIn('twelve-hours', STAFF_PASSWORD);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ staff: { username: 'twelve-hours', role: 'supervisor' } });
    const { token } = answer.body as { token: string };
    const member = stack.withToken(token);
    await member.ok('GET /support/orders', { query: {} });
    await stack.advanceClock(12 * 60 * 60_000 + 1);
    expect((await member.problem('GET /support/orders')).code).toBe('session.required');
    staff = await stack.signInStaff('lin-again');
  });

  test.each([
    ['a wrong password', 'lin', 'not the password at all'],
    ['a password in other letters', 'lin', STAFF_PASSWORD.toUpperCase()],
    ['a password with a space', 'lin', `${STAFF_PASSWORD} `],
    ['an unknown name', 'nobody', STAFF_PASSWORD],
    ['a name in capitals', 'LIN', STAFF_PASSWORD],
    ['a name of SQL', "lin' --", STAFF_PASSWORD],
    ['a lone surrogate', '\ud800', '\udfff'.repeat(12)],
  ])('not with %s, and always with the same error', async (_, username, password) => {
    const answer = await signIn(username, password);
    expect(answer.body).toMatchObject({
      status: 401,
      code: 'login.password_wrong',
      title: '用户名或密码不正确',
    });
  });

  test.each(['locked-member', 'nobody-here'])(
    'not for a quarter of an hour after five wrong passwords for %s',
    async (username) => {
      if (username === 'locked-member') await stack.signInStaff(username);
      for (let count = 0; count < 5; count += 1) {
        expect((await signIn(username, `wrong password ${count}`)).status).toBe(401);
      }
      const answer = await signIn(username, STAFF_PASSWORD);
      expect(answer.body).toMatchObject({ status: 429, code: 'login.locked' });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(14 * 60);
    },
  );

  test('concurrent guesses are counted as well', async () => {
    await stack.signInStaff('raced');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, count) => signIn('raced', `guess number ${count}`)),
    );
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(5);
    expect((await signIn('raced', STAFF_PASSWORD)).status).toBe(429);
  });

  test('and out, which ends that session only', async () => {
    const one = await stack.signInStaff('leaver');
    const { token } = (await signIn('leaver', STAFF_PASSWORD)).body as { token: string };
    await one.ok('DELETE /support/sessions/current', {});
    expect((await one.problem('GET /support/orders')).code).toBe('session.required');
    await stack.withToken(token).ok('GET /support/orders', { query: {} });
  });
});

describe('finding a card', () => {
  test('works by any of its numbers, and shows them unmasked', async () => {
    const { iccid, accessNumber } = await cardInState(stack, 'mobile', '0', 2);
    const link = `https://shop.example/?to=${encodeURIComponent(`m.example/c?iccid=${iccid}`)}&state=1`;
    const written = [`\u202D${iccid}\u202C`, `]C1\u001D${iccid}`, link];
    for (const query of [iccid, iccid.toLowerCase(), iccid.slice(-10), accessNumber, ...written]) {
      const { items } = await staff.ok('GET /support/cards', { query: { query } });
      expect(items).toEqual([expect.objectContaining({ iccid, accessNumber })]);
    }
  });

  test('works by the number of one of its orders', async () => {
    const customer = await stack.signIn(randomUUID());
    const order = await placeOrder(customer, await preparePurchase(stack, customer, 1));
    const { items } = await staff.ok('GET /support/cards', { query: { query: order.number } });
    expect(items.map(({ id }) => id)).toEqual([order.card.id]);
  });

  test('is refused for an invalid number, and answers not found for an unknown one', async () => {
    const refusalFor = (query: string) => staff.problem('GET /support/cards', { query: { query } });
    expect(await refusalFor('请帮我查')).toMatchObject({ code: 'card.number_invalid' });
    expect(await refusalFor('13999999999')).toMatchObject({ code: 'card.not_found' });
  });

  test('does not add the card to any customer', async () => {
    const { iccid } = await cardInState(stack, 'unicom', '1', 5);
    const { items } = await staff.ok('GET /support/cards', { query: { query: iccid } });
    const customer = await stack.signIn(randomUUID());
    const params = { cardId: items[0]!.id };
    expect((await customer.problem('GET /cards/:cardId', { params })).code).toBe('card.not_found');
  });
});

describe('a card for staff', () => {
  test('contains the normalised card and the unchanged answers of the platform', async () => {
    const { iccid, carrierCode } = await cardInState(stack, 'telecom', '150001');
    const { items } = await staff.ok('GET /support/cards', { query: { query: iccid } });
    const params = { cardId: items[0]!.id };
    const { card, raw, orders } = await staff.ok('GET /support/cards/:cardId', { params });
    expect(card.status).toMatchObject({ code: 'violation', carrierCode });
    expect(raw.length).toBeGreaterThanOrEqual(3);
    const answers = JSON.stringify(raw);
    expect(answers).toContain(iccid);
    expect(answers).toContain(`"status":"${carrierCode}"`);
    expect(orders).toEqual([]);
  });

  test('contains its orders, of all customers', async () => {
    const { iccid } = await cardInState(stack, 'telecom', '1', 3);
    const numbers: string[] = [];
    for (const user of ['first', 'second']) {
      const customer = await stack.signIn(user);
      numbers.unshift(
        (await placeOrder(customer, await preparePurchase(stack, customer, 3))).number,
      );
    }
    const { items } = await staff.ok('GET /support/cards', { query: { query: iccid } });
    const params = { cardId: items[0]!.id };
    const { orders } = await staff.ok('GET /support/cards/:cardId', { params });
    expect(orders.map(({ number }) => number)).toEqual(numbers);
    expect(orders[0]!.card.iccid).toBe(iccid);
    expect(orders[0]!.payment).toBeUndefined();
  });

  test('that does not exist is not found', async () => {
    const params = { cardId: randomUUID() };
    expect((await staff.problem('GET /support/cards/:cardId', { params })).code).toBe(
      'card.not_found',
    );
  });
});

describe('orders for staff', () => {
  test('are found by their number, transaction number and card', async () => {
    const customer = await stack.signIn(randomUUID());
    const { iccid, accessNumber } = await cardInState(stack, 'telecom', '1', 6);
    const order = await deliveredOrder(customer, 6);
    const otherForm = iccid.length === 20 ? iccid.slice(0, 19) : `${iccid}7`;
    const numbers = [order.number, order.transactionId!, iccid, accessNumber, otherForm];
    for (const query of numbers) {
      const { items } = await staff.ok('GET /support/orders', { query: { query } });
      expect(items.map(({ number }) => number)).toEqual([order.number]);
    }
    const nothing = await staff.ok('GET /support/orders', { query: { query: 'LK0000' } });
    expect(nothing).toEqual({ items: [], nextCursor: null });
  });

  test('are filtered by state and time, and paged', async () => {
    const customer = await stack.signIn(randomUUID());
    await stack.advanceClock(60_000);
    const from = new Date(stack.now()).toISOString();
    const delivered = await deliveredOrder(customer, 7);
    const open = await placeOrder(customer, await preparePurchase(stack, customer, 8));
    const search = async (query: Record<string, string | number>) =>
      (await staff.ok('GET /support/orders', { query: { from, ...query } })).items.map(
        ({ number }) => number,
      );
    expect(await search({})).toEqual([open.number, delivered.number]);
    expect(await search({ state: 'delivered' })).toEqual([delivered.number]);
    expect(await search({ state: 'refunded' })).toEqual([]);
    expect(await search({ to: from })).toEqual([]);
    const { items, nextCursor } = await staff.ok('GET /support/orders', {
      query: { from, limit: 1 },
    });
    expect(items).toHaveLength(1);
    expect(await search({ limit: 1, cursor: nextCursor! })).toEqual([delivered.number]);
  });

  test('have a timeline of all changes, platform calls and notifications, in order', async () => {
    const customer = await stack.signIn(randomUUID());
    const order = await deliveredOrder(customer, 9);
    const params = { orderId: order.id };
    const seen = await staff.ok('GET /support/orders/:orderId', { params });
    expect(seen.userId).toBe(customer.userId);
    const kinds = new Set(seen.timeline.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['state', 'upstream', 'notification']));
    const states = seen.timeline.filter(({ kind }) => kind === 'state');
    expect(states.map(({ title }) => title)).toEqual([
      '提交订单',
      '待支付',
      '已付款',
      '充值中',
      '已到账',
    ]);
    const questions = seen.timeline.filter(({ kind }) => kind === 'upstream');
    expect(questions.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['createPayment', 'queryPayment', 'delivery']),
    );
    const instants = seen.timeline.map(({ at }) => at);
    expect(instants).toEqual([...instants].sort());
  });

  test('that do not exist are not found', async () => {
    const params = { orderId: randomUUID() };
    expect((await staff.problem('GET /support/orders/:orderId', { params })).code).toBe(
      'order.not_found',
    );
  });

  test('reading an order does not query the channel', async () => {
    const customer = await stack.signIn(randomUUID());
    const order = await placeOrder(customer, await preparePurchase(stack, customer, 10));
    stack.platformProxy.clearCalls();
    await staff.ok('GET /support/orders/:orderId', { params: { orderId: order.id } });
    expect(stack.platformProxy.calls).toHaveLength(0);
  });
});

describe('every request of staff', () => {
  test('is recorded with the member and the request id, even if nothing was found', async () => {
    const member = await stack.signInStaff('watched');
    const customer = await stack.signIn(randomUUID());
    const purchase = await preparePurchase(stack, customer, 11);
    const order = await placeOrder(customer, purchase);
    const unknown = randomUUID();
    const looks = [
      await member.send('GET /support/cards', { query: { query: order.number } }),
      await member.send('GET /support/cards', { query: { query: '13999999998' } }),
      await member.send('GET /support/cards/:cardId', { params: { cardId: purchase.card.id } }),
      await member.send('GET /support/cards/:cardId', { params: { cardId: unknown } }),
      await member.send('GET /support/orders', { query: { query: order.number } }),
      await member.send('GET /support/orders/:orderId', { params: { orderId: order.id } }),
    ];
    const [row] = stack.rows('select id from staff where username = ?', 'watched');
    const written = audits().slice(-looks.length);
    expect(written).toEqual(
      [
        ['card.search', order.number],
        ['card.search', '13999999998'],
        ['card.view', purchase.card.id],
        ['card.view', unknown],
        ['order.search', order.number],
        ['order.view', order.id],
      ].map(([action, subject], index) => ({
        action,
        subject,
        staff_id: row!.id,
        request_id: looks[index]!.headers.get('x-request-id'),
      })),
    );
  });

  test('is recorded, and requests of customers are not', async () => {
    const before = audits().length;
    const customer = await stack.signIn(randomUUID());
    const { iccid } = await cardInState(stack, 'mobile', '0');
    expect((await findCard(customer, iccid)).iccid).toBe(maskNumber(iccid));
    expect(audits()).toHaveLength(before);
  });
});

test('while the platform does not answer, a look-up is refused and a known card is shown', async () => {
  const { iccid } = await cardInState(stack, 'mobile', '0', 4);
  const { items } = await staff.ok('GET /support/cards', { query: { query: iccid } });
  const params = { cardId: items[0]!.id };
  await stack.sandbox.faults({ gatewayDown: true });
  await stack.advanceClock(2 * 60_000);
  const search = { query: { query: '13999999997' } };
  const problem = await staff.problem('GET /support/cards', search);
  expect(problem).toMatchObject({ status: 503, code: 'platform.unavailable' });
  const { card } = await staff.ok('GET /support/cards/:cardId', { params });
  expect(card.iccid).toBe(iccid);
  await stack.sandbox.faults();
});
