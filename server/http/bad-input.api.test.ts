import type { z } from 'zod';
import { gzipSync } from 'node:zlib';
import { API_BASE, contract, type ContractKey, type Problem } from '@shared/contract';
import type { RouteDeclaration } from '@shared/contract/route';
import { tableNames } from '../store/tables';
import type { ApiClient } from '../testing/api-client';
import { INTERNAL_KEY, startStack, type Customer, type Stack } from '../testing/harness';
import { newIdempotencyKey, placeOrder, preparePurchase } from '../testing/shopping';

const UNKNOWN_ID = '01890000-0000-7000-8000-000000000000';

let stack: Stack;
let customer: Customer;
let staff: ApiClient;
let before: Record<string, unknown>;
beforeAll(async () => {
  stack = await startStack();
  customer = await stack.signIn();
  staff = await stack.signInStaff('agent');
  await placeOrder(customer, await preparePurchase(stack, customer));
  before = readTables();
});
afterEach(() => {
  // No invalid request may change the store. (Requests of staff are recorded in the audit log.)
  expect(readTables()).toEqual(before);
});
afterAll(() => stack.close());

function readTables(): Record<string, unknown> {
  const tables = tableNames.filter(
    (name) => !['audit', 'jobs', 'upstream_calls', 'staff_sessions'].includes(name),
  );
  return Object.fromEntries(tables.map((name) => [name, stack.rows(`select * from ${name}`)]));
}

const routes = Object.entries(contract).map(([key, route]) => {
  const [method = '', path = ''] = key.split(' ');
  const declaration: RouteDeclaration = route;
  return { key: key as ContractKey, method, path, route: declaration };
});
const routesWith = (part: 'params' | 'query' | 'body') =>
  routes
    .filter(({ route }) => route[part] !== undefined)
    .map((entry) => [entry.key, entry] as const);

function clientFor({ audience }: RouteDeclaration): ApiClient {
  if (audience === 'staff') return staff;
  if (audience === 'service') return stack.withToken(INTERNAL_KEY);
  return audience === 'user' ? customer : stack.anyone;
}

function addressOf(path: string, id = UNKNOWN_ID): string {
  return `${API_BASE}${path.replace(':platform', 'shingsou').replace(/:\w+/g, id)}`;
}

const json = { 'content-type': 'application/json', 'idempotency-key': newIdempotencyKey() };

describe('authentication', () => {
  const guarded = routes
    .filter(({ route }) => route.audience !== 'anyone')
    .map((entry) => [entry.key, entry] as const);

  test.each(guarded)('%s works with a session of its own audience only', async (_, entry) => {
    const { method, path, route } = entry;
    const wrong = route.audience === 'user' ? staff : customer;
    for (const client of [stack.anyone, wrong]) {
      // Refused before the id and the body, which are invalid here, are validated.
      const answer = await client.raw({ method, path: addressOf(path, 'x'), headers: json });
      const code = route.audience === 'service' ? 'internal.key_required' : 'session.required';
      expect(answer.body).toMatchObject({ status: 401, code });
    }
  });
});

describe('paths', () => {
  test.each([
    '/api/v1',
    '/api/v1/',
    '/api/v1/nothing',
    '/api/v2/me',
    '/api/v1/ME/cards/x/y',
    '/api/v1/orders/x/y/z',
    '/api/v1/%00',
    '/api/v1/%E0%A4%A',
    '/api/v1/me%2Fcards',
    '/api/v1/' + 'x'.repeat(5_000),
    '/api/v1/constructor',
    '/api/v1/__proto__',
    '/api/v1/notifications/alipay',
  ])('%p is not found', async (path) => {
    const answer = await customer.raw({ method: 'GET', path });
    expect(answer.body).toMatchObject({ status: 404, code: 'request.route_not_found' });
  });

  test.each([
    ['PUT', '/api/v1/orders'],
    ['DELETE', '/api/v1/orders'],
    ['GET', '/api/v1/sessions'],
    ['POST', '/api/v1/me'],
    ['PATCH', '/api/v1/cards'],
    ['GET', '/api/v1/notifications/shingsou'],
    ['GET', '/api/v1/notifications/wechatpay'],
    ['POST', '/api/v1/support/cards'],
    ['PROPFIND', '/api/v1/me'],
  ])('%s %s is not allowed', async (method, path) => {
    const answer = await customer.raw({ method, path });
    expect(answer.body).toMatchObject({ status: 405, code: 'request.method_not_allowed' });
  });
});

describe('ids in paths', () => {
  const ids = [
    'x',
    '1',
    'null',
    UNKNOWN_ID.slice(0, -1),
    `${UNKNOWN_ID}0`,
    UNKNOWN_ID.replace('7000', '9z00'),
    '%E4%B8%AD%E6%96%87',
    '%F0%9F%99%82',
    '%00',
    '%E0%A4%A',
    '%ED%A0%80',
    '..%2F..%2Fetc%2Fpasswd',
    "'%20or%201=1%20--",
    'x'.repeat(2_000),
  ];

  /** Platforms have names: any other text is an unknown platform, not an invalid id. */
  const withIds = routesWith('params').filter(([, { path }]) => !path.includes(':platform'));

  test.each(withIds)('%s refuses an invalid id', async (_, entry) => {
    const { method, path, route } = entry;
    const body = route.body ? { body: JSON.stringify({ nickname: 'x' }) } : {};
    for (const id of ids) {
      const address = addressOf(path, id);
      const answer = await clientFor(route).raw({ method, path: address, headers: json, ...body });
      expect(answer.body).toMatchObject({ status: 400, code: 'request.invalid' });
      expect((answer.body as Problem).errors).toEqual([
        { path: expect.stringMatching(/^params\./), message: expect.any(String) },
      ]);
    }
  });
});

describe('queries', () => {
  const good: Partial<Record<ContractKey, string>> = {
    'GET /cards': 'number=13900000000',
    'GET /support/cards': 'query=13900000000',
  };

  test.each(routesWith('query'))('%s refuses unknown parameters', async (_, entry) => {
    const { key, method, path, route } = entry;
    for (const extra of ['unknown=1', '__proto__=1', '%00=1', 'limit[]=1', 'constructor=1']) {
      const query = [good[key], extra].filter((part) => part !== undefined).join('&');
      const answer = await clientFor(route).raw({ method, path: `${addressOf(path)}?${query}` });
      expect(answer.body).toMatchObject({ status: 400, code: 'request.invalid' });
    }
  });

  test.each([
    ['no number', ''],
    ['an empty number', 'number='],
    ['a number twice', 'number=13900000000&number=13900000001'],
    ['a list', 'number[]=13900000000'],
    ['a number that is too long', `number=${'1'.repeat(513)}`],
  ])('GET /cards refuses %s', async (_, query) => {
    const answer = await customer.raw({ method: 'GET', path: `/api/v1/cards?${query}` });
    expect(answer.body).toMatchObject({ status: 400, code: 'request.invalid' });
  });

  test.each([
    'limit=0',
    'limit=-1',
    'limit=101',
    'limit=1e9',
    'limit=1.5',
    'limit=all',
    'limit=NaN',
    'limit=%F0%9F%99%82',
    'limit=1&limit=2',
    'limit=9007199254740993',
    'cursor=',
    'cursor=a&cursor=b',
    `cursor=${'x'.repeat(201)}`,
  ])('lists refuse %s', async (query) => {
    for (const [client, path] of [
      [customer, '/api/v1/orders'],
      [staff, '/api/v1/support/orders'],
    ] as const) {
      const answer = await client.raw({ method: 'GET', path: `${path}?${query}` });
      expect(answer.body).toMatchObject({ status: 400, code: 'request.invalid' });
    }
  });

  test.each([
    'query=abc',
    // A pasted link may be this long.
    `query=${'x'.repeat(2049)}`,
    'query=%20%20%20%20%20',
    'state=gone',
    'state=',
    'from=yesterday',
    'from=2026-01-01',
    'to=2026-13-01T00:00:00Z',
    'from=2026-01-01T00:00:00%2B08:00',
  ])('the search of orders refuses %s', async (query) => {
    const answer = await staff.raw({ method: 'GET', path: `/api/v1/support/orders?${query}` });
    expect(answer.body).toMatchObject({ status: 400, code: 'request.invalid' });
  });
});

describe('bodies', () => {
  const withBody = routesWith('body');

  async function send(
    entry: (typeof withBody)[number][1],
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ) {
    const { method, path, route } = entry;
    return clientFor(route).raw({
      method,
      path: addressOf(path),
      headers: { ...json, ...headers },
      body,
    });
  }

  test.each(withBody)('%s refuses a body that is not a JSON object', async (_, entry) => {
    for (const body of [
      '{',
      '{"a":}',
      '',
      'null',
      '"text"',
      '7',
      'true',
      "{'a':1}",
      '{"__proto__":{}}',
    ]) {
      const answer = await send(entry, body);
      expect(answer.status).toBe(400);
      expect(['request.malformed', 'request.invalid']).toContain((answer.body as Problem).code);
    }
    for (const body of ['[]', '[{}]', '{"unknown":1}', '{"constructor":{}}']) {
      expect((await send(entry, body)).body).toMatchObject({ code: 'request.invalid' });
    }
  });

  test.each(withBody)('%s refuses each field of the wrong type, and names it', async (_, entry) => {
    const schemas: Record<string, z.ZodType | undefined> = entry.route.body!.shape;
    for (const field of Object.keys(schemas)) {
      for (const value of [7, true, {}, [], ['x'], { $ne: null }]) {
        if (schemas[field]?.safeParse(value).success) continue;
        const answer = await send(entry, JSON.stringify({ [field]: value }));
        expect(answer.body).toMatchObject({ status: 400, code: 'request.invalid' });
        const { errors = [] } = answer.body as Problem;
        // An object of the wrong shape is named by its own fields.
        const names = errors.map(({ path }) => path.split('.').slice(0, 2).join('.'));
        expect(names).toContain(`body.${field}`);
      }
    }
  });

  test.each(withBody)('%s refuses texts that are too long', async (_, entry) => {
    for (const field of Object.keys(entry.route.body!.shape)) {
      const answer = await send(entry, JSON.stringify({ [field]: 'x'.repeat(10_000) }));
      expect(answer.body).toMatchObject({ status: 400, code: 'request.invalid' });
    }
  });

  test.each(withBody)('%s accepts JSON only', async (_, entry) => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/json', 'x']) {
      const answer = await send(entry, '{}', { 'content-type': type });
      expect(answer.body).toMatchObject({ status: 415, code: 'request.unsupported_media_type' });
    }
  });

  test.each(withBody)(
    '%s refuses bodies that are too large, compressed or not',
    async (_, entry) => {
      const large = JSON.stringify({ code: 'x'.repeat(70_000) });
      const bomb = gzipSync(JSON.stringify({ code: 'x'.repeat(20_000_000) }));
      for (const answer of [
        await send(entry, large),
        await send(entry, new Uint8Array(bomb), { 'content-encoding': 'gzip' }),
      ]) {
        expect(answer.body).toMatchObject({ status: 413, code: 'request.too_large' });
      }
    },
  );

  test.each(withBody)('%s refuses bodies that cannot be decompressed', async (_, entry) => {
    const broken = await send(entry, 'not packed at all', { 'content-encoding': 'gzip' });
    expect(broken.body).toMatchObject({ status: 400, code: 'request.malformed' });
    const foreign = await send(entry, '{}', { 'content-encoding': 'zip' });
    expect(foreign.status).toBe(415);
  });

  test.each(withBody)('%s refuses deeply nested bodies', async (_, entry) => {
    const depth = 5_000;
    const body = `{"code":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect((await send(entry, body)).body).toMatchObject({ status: 400 });
  });

  test('bytes that are not UTF-8 cause no internal error', async () => {
    const bytes = new Uint8Array([0x7b, 0x22, 0x63, 0x6f, 0x64, 0x65, 0x22, 0x3a, 0x22, 0xff]);
    const end = new TextEncoder().encode('"}');
    const answer = await stack.anyone.raw({
      method: 'POST',
      path: '/api/v1/sessions',
      headers: json,
      body: new Uint8Array([...bytes, ...end]),
    });
    expect(answer.status).toBe(401);
  });

  test.each([
    ['no card', { packageId: '1', effective: 'now' }],
    ['no package', { cardId: UNKNOWN_ID, effective: 'now' }],
    ['no time', { cardId: UNKNOWN_ID, packageId: '1' }],
    ['an empty package', { cardId: UNKNOWN_ID, packageId: '', effective: 'now' }],
    [
      'a package id that is too long',
      { cardId: UNKNOWN_ID, packageId: 'x'.repeat(65), effective: 'now' },
    ],
    ['another time', { cardId: UNKNOWN_ID, packageId: '1', effective: 'yesterday' }],
    ['a time in capitals', { cardId: UNKNOWN_ID, packageId: '1', effective: 'NOW' }],
  ])('POST /orders refuses %s', async (_, body) => {
    const problem = await customer.problem('POST /orders', {
      headers: { 'idempotency-key': newIdempotencyKey() },
      body,
    });
    expect(problem).toMatchObject({ status: 400, code: 'request.invalid' });
  });

  test.each([
    ['no code', {}],
    ['an empty code', { code: '' }],
    ['a code that is too long', { code: 'x'.repeat(257) }],
    ['an unknown field', { code: 'x', user: 'admin' }],
  ])('POST /sessions refuses %s', async (_, body) => {
    const problem = await stack.anyone.problem('POST /sessions', { body });
    expect(problem).toMatchObject({ status: 400, code: 'request.invalid' });
  });
});

describe('errors', () => {
  test('are in the requested language, or in Chinese if it is not supported', async () => {
    const titleIn = async (language: string | undefined) => {
      const headers: Record<string, string> = language ? { 'accept-language': language } : {};
      return (await stack.anyone.problem('GET /me', { headers })).title;
    };
    expect(await titleIn('en')).toBe('Sign in first');
    expect(await titleIn('en-US,en;q=0.9,zh;q=0.8')).toBe('Sign in first');
    expect(await titleIn('zh-TW')).toBe('请先登录');
    expect(await titleIn(undefined)).toBe('请先登录');
    expect(await titleIn('fr-FR')).toBe('请先登录');
    expect(await titleIn('fr-FR,en;q=0.5')).toBe('Sign in first');
    expect(await titleIn(';;;q=,,*')).toBe('请先登录');
  });

  test('do not contain the invalid values', async () => {
    const secret = 'a password typed into the wrong field';
    const body = { code: [secret], username: secret };
    const answer = await stack.anyone.send('POST /sessions', { body });
    expect(answer.body).toMatchObject({ code: 'request.invalid' });
    expect(answer.text).not.toContain(secret);
  });

  test('have a request id each', async () => {
    const ids = new Set<string>();
    for (let count = 0; count < 5; count += 1)
      ids.add((await stack.anyone.problem('GET /me')).requestId);
    expect(ids.size).toBe(5);
  });

  test('do not use a request id of the caller', async () => {
    const headers = { 'x-request-id': 'forged' };
    expect((await stack.anyone.problem('GET /me', { headers })).requestId).not.toBe('forged');
  });
});
