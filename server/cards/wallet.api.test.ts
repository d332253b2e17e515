import { randomUUID } from 'node:crypto';
import { startStack, type Customer, type Stack } from '../testing/harness';
import { cardInState, findCard } from '../testing/shopping';

let stack: Stack;
let customer: Customer;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  customer = await stack.signIn(randomUUID());
});
afterAll(() => stack.close());

async function wallet(client: Customer) {
  const { items, nextCursor } = await client.ok('GET /me/cards', {});
  expect(nextCursor).toBeNull();
  return items;
}

test('an empty wallet is an empty list', async () => {
  expect(await wallet(customer)).toEqual([]);
});

test('a card is added by its number, and its numbers are no longer masked', async () => {
  const { iccid, accessNumber } = await cardInState(stack, 'telecom', '1');
  const answer = await customer.send('POST /me/cards', {
    body: { number: iccid, nickname: ' 监控 ' },
  });
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({ iccid, accessNumber, inWallet: true, nickname: '监控' });
  expect(await wallet(customer)).toEqual([expect.objectContaining({ iccid, nickname: '监控' })]);
});

test('a card whose ending means two cards is added by its id after a look-up', async () => {
  const cards = await stack.sandbox.cards();
  const endings = cards.map((card) => card.iccid.slice(-10));
  const shared = endings.find((ending, index) => endings.indexOf(ending) !== index)!;
  const ambiguous = await customer.problem('POST /me/cards', { body: { number: shared } });
  expect(ambiguous.code).toBe('card.number_invalid');
  const { items } = await customer.ok('GET /cards', { query: { number: shared } });
  const body = { cardId: items[1]!.id };
  expect((await customer.ok('POST /me/cards', { body })).id).toBe(body.cardId);
});

test('a card that the user has not looked up cannot be added by its id', async () => {
  const { id: cardId } = await findCard(
    await stack.signIn('another'),
    (await cardInState(stack, 'mobile', '0')).iccid,
  );
  const problem = await customer.problem('POST /me/cards', { body: { cardId } });
  expect(problem.code).toBe('card.not_found');
  expect(await wallet(customer)).toEqual([]);
});

test('adding a card twice keeps one, with its first nickname', async () => {
  const { iccid } = await cardInState(stack, 'telecom', '1');
  await customer.ok('POST /me/cards', { body: { number: iccid, nickname: '一号' } });
  const again = await customer.send('POST /me/cards', {
    body: { number: iccid, nickname: '二号' },
  });
  expect(again.status).toBe(200);
  expect(again.body).toMatchObject({ nickname: '一号' });
  expect(await wallet(customer)).toHaveLength(1);
});

test('adding a card concurrently keeps one', async () => {
  const { iccid } = await cardInState(stack, 'telecom', '1');
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => customer.send('POST /me/cards', { body: { number: iccid } })),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(await wallet(customer)).toHaveLength(1);
});

test('the most recently added card is first', async () => {
  const first = await cardInState(stack, 'telecom', '1');
  const second = await cardInState(stack, 'mobile', '0');
  await customer.ok('POST /me/cards', { body: { number: first.iccid } });
  await customer.ok('POST /me/cards', { body: { number: second.iccid } });
  expect((await wallet(customer)).map(({ iccid }) => iccid)).toEqual([second.iccid, first.iccid]);
});

test('a nickname is changed and cleared, and the card is removed', async () => {
  const { iccid } = await cardInState(stack, 'telecom', '1');
  const { id: cardId } = await customer.ok('POST /me/cards', { body: { number: iccid } });
  const params = { cardId };
  const rename = async (nickname: string | null) =>
    (await customer.ok('PATCH /me/cards/:cardId', { params, body: { nickname } })).nickname;
  expect(await rename('家里的路由器')).toBe('家里的路由器');
  expect(await rename('👨‍👩‍👧 車')).toBe('👨‍👩‍👧 車');
  expect(await rename('')).toBeNull();
  expect(await rename(null)).toBeNull();
  await customer.ok('DELETE /me/cards/:cardId', { params });
  expect(await wallet(customer)).toEqual([]);
  const again = await customer.problem('DELETE /me/cards/:cardId', { params });
  expect(again.code).toBe('card.not_found');
  const body = { nickname: '没有了' };
  const renamed = await customer.problem('PATCH /me/cards/:cardId', { params, body });
  expect(renamed.code).toBe('card.not_found');
});

test('a card is renamed by clients that cannot send PATCH, such as WeChat', async () => {
  const { iccid } = await cardInState(stack, 'telecom', '1');
  const { id } = await customer.ok('POST /me/cards', { body: { number: iccid } });
  const renamed = await fetch(`${stack.origin()}/api/v1/me/cards/${id}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${customer.token ?? ''}`,
      'content-type': 'application/json',
      'x-http-method-override': 'PATCH',
    },
    body: JSON.stringify({ nickname: '店里的收银机' }),
  });
  expect(await renamed.json()).toMatchObject({ id, nickname: '店里的收银机' });
});

test('a card can be added by its id only after a look-up', async () => {
  const { iccid } = await cardInState(stack, 'telecom', '1');
  const { items } = await customer.ok('GET /cards', { query: { number: iccid } });
  const body = { cardId: items[0]?.id ?? '' };
  expect(await customer.ok('POST /me/cards', { body })).toMatchObject({ inWallet: true, iccid });
  const stranger = await stack.signIn(randomUUID());
  expect((await stranger.problem('POST /me/cards', { body })).code).toBe('card.not_found');
  const both = { body: { ...body, number: iccid } };
  expect((await customer.problem('POST /me/cards', both)).code).toBe('request.invalid');
});

test('the numbers of a removed card are masked again, and it can still be read by its id', async () => {
  const { iccid } = await cardInState(stack, 'telecom', '1');
  const { id: cardId } = await customer.ok('POST /me/cards', { body: { number: iccid } });
  await customer.ok('DELETE /me/cards/:cardId', { params: { cardId } });
  const shown = await customer.send('GET /cards/:cardId', { params: { cardId } });
  expect(shown.status).toBe(200);
  expect(shown.text).not.toContain(iccid);
});

test('a user cannot change the wallet of another user', async () => {
  const { iccid } = await cardInState(stack, 'telecom', '1');
  const { id: cardId } = await customer.ok('POST /me/cards', {
    body: { number: iccid, nickname: '我的' },
  });
  const stranger = await stack.signIn('stranger');
  await findCard(stranger, iccid);
  const params = { cardId };
  const body = { nickname: '他的' };
  const renamed = await stranger.problem('PATCH /me/cards/:cardId', { params, body });
  const dropped = await stranger.problem('DELETE /me/cards/:cardId', { params });
  expect([renamed.code, dropped.code]).toEqual(['card.not_found', 'card.not_found']);
  expect(await wallet(customer)).toEqual([expect.objectContaining({ nickname: '我的' })]);
});

test.each([
  [
    'control and bidirectional characters',
    '\u202E门口\u0000\u0007\u2066摄像头\u202C',
    '门口摄像头',
  ],
  ['line breaks and tabs', '门口\r\n摄像头\t一', '门口 摄像头 一'],
  ['spaces alone', ' \u3000\u00A0', null],
  ['invisible characters alone', '\u200B\u200D\u2060', null],
  ['a decomposed letter', 'cafe\u0301', 'caf\u00E9'],
  ['twenty characters of two code units', '😀'.repeat(20), '😀'.repeat(20)],
  ['an emoji with a joiner', '👨\u200D👩\u200D👧', '👨\u200D👩\u200D👧'],
])('a nickname with %s is cleaned', async (_, written, nickname) => {
  const { iccid } = await cardInState(stack, 'mobile', '2');
  const card = await customer.ok('POST /me/cards', { body: { number: iccid, nickname: written } });
  expect(card.nickname).toBe(nickname);
});

test.each([
  ['no card', {}],
  ['a name with half a character', { number: '13900000000', nickname: '\uD83D' }],
  ['a number and an id', { number: '13900000000', cardId: randomUUID() }],
  ['a name that is too long', { number: '13900000000', nickname: '长'.repeat(21) }],
  ['a name that is a number', { number: '13900000000', nickname: 7 }],
  ['a name that is null', { number: '13900000000', nickname: null }],
  ['a number that is a number', { number: 13900000000 }],
  ['an empty number', { number: '' }],
  ['a number that is too long', { number: '1'.repeat(513) }],
  ['an invalid id', { cardId: '1' }],
  ['an unknown field', { number: '13900000000', inWallet: true }],
  ['a list', [{ number: '13900000000' }]],
])('%s is refused and adds nothing', async (_, body) => {
  const problem = await customer.problem('POST /me/cards', { body });
  expect(problem).toMatchObject({ status: 400, code: 'request.invalid' });
  expect(problem.errors?.length).toBeGreaterThan(0);
  expect(await wallet(customer)).toEqual([]);
});
