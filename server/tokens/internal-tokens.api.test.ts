import { readSettings } from '../settings';
import type { ApiClient } from '../testing/api-client';
import { eventually, INTERNAL_KEY, startStack, type Stack } from '../testing/harness';

/** The API by which the operator's other servers get a platform's access token. */

let stack: Stack;
let serviceClient: ApiClient;
let gatewayCalls = 0;
async function start(): Promise<void> {
  stack = await startStack();
  serviceClient = stack.withToken(INTERNAL_KEY);
}

const params = { platform: 'shingsou' };

async function read(): Promise<string> {
  return (await serviceClient.ok('GET /internal/tokens/:platform', { params })).accessToken;
}

async function refresh(failedToken: string): Promise<string> {
  const body = { failedToken };
  const answer = await serviceClient.ok('POST /internal/tokens/:platform/refresh', {
    params,
    body,
  });
  return answer.accessToken;
}

async function countTokenRequests(): Promise<number> {
  const response = await fetch(`${stack.settings.SHINGSOU_IDS_URL ?? ''}/sandbox/tokens`);
  const { items } = (await response.json()) as { items: { platform: string; asked: number }[] };
  return items.find(({ platform }) => platform === 'shingsou')!.asked;
}

/** Whether the gateway accepts a token. */
async function isAccepted(token: string): Promise<boolean> {
  const { SHINGSOU_API_URL = '', SHINGSOU_SUBSCRIPTION_KEY = '' } = stack.settings;
  gatewayCalls += 1;
  const path = `/payment/Product/Categories?turn=${gatewayCalls}`;
  const response = await fetch(`${SHINGSOU_API_URL}${path}`, {
    headers: {
      'Ocp-Apim-Subscription-Key': SHINGSOU_SUBSCRIPTION_KEY,
      Authorization: `Bearer ${token}`,
    },
  });
  return response.status !== 401;
}

describe('a token', () => {
  beforeEach(start);
  afterEach(() => stack.close());

  test('another server gets the token that this server uses, and the platform accepts it', async () => {
    const answer = await serviceClient.send('GET /internal/tokens/:platform', { params });
    expect(answer.body).toEqual({
      accessToken: expect.stringMatching(/./),
      tokenType: 'Bearer',
      expiresAt: expect.stringMatching(/Z$/),
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const token = await read();
    expect(await isAccepted(token)).toBe(true);
    const customer = await stack.signIn();
    await customer.send('GET /cards', { query: { number: '13900000000' } });
    expect(await countTokenRequests()).toBe(1);
  });

  test('a failed token is replaced once, for all callers and for this server', async () => {
    const first = await read();
    await stack.sandbox.faults({ revokeToken: true });
    expect(await isAccepted(first)).toBe(false);
    const renewed = await Promise.all(Array.from({ length: 20 }, () => refresh(first)));
    expect(new Set(renewed).size).toBe(1);
    expect(await isAccepted(renewed[0]!)).toBe(true);
    expect(await refresh(first)).toBe(renewed[0]);
    expect(await refresh('never-was-one')).toBe(renewed[0]);
    expect(await countTokenRequests()).toBe(2);
  });

  test('while the token server is down, the caller is told when to retry', async () => {
    await stack.sandbox.faults({ tokenServerDown: true });
    const answer = await serviceClient.send('GET /internal/tokens/:platform', { params });
    expect(answer.body).toMatchObject({ status: 503, code: 'platform.unavailable' });
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    await stack.sandbox.faults();
    await stack.advanceClock(60_000);
    await eventually('the token server is asked again', async () => {
      const again = await serviceClient.send('GET /internal/tokens/:platform', { params });
      return again.status === 200;
    });
  });

  test('requests are rate-limited', async () => {
    const calls = Array.from({ length: 310 }, () =>
      serviceClient.send('GET /internal/tokens/:platform', { params }),
    );
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(300);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  });

  test('the metrics contain the age and the uses of the token, and never the token', async () => {
    const before = await stack.anyone.raw({ method: 'GET', path: '/metrics' });
    expect(before.text).not.toContain('liuka_token_age_seconds{');
    expect(await countTokenRequests()).toBe(0);
    const token = await read();
    await stack.advanceClock(10 * 60_000);
    await serviceClient.problem('GET /internal/tokens/:platform', {
      params: { platform: 'nowhere' },
    });
    const { text } = await stack.anyone.raw({ method: 'GET', path: '/metrics' });
    const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    expect(figure('liuka_token_age_seconds{platform="shingsou"}')).toBeCloseTo(600, -1);
    expect(figure('liuka_token_left_seconds{platform="shingsou"}')).toBeCloseTo(6_600, -1);
    expect(figure('liuka_token_generation{platform="shingsou"}')).toBe(1);
    expect(figure('liuka_token_failures{platform="shingsou"}')).toBe(0);
    expect(figure('liuka_token_refreshes_total{platform="shingsou",outcome="obtained"}')).toBe(1);
    expect(figure('liuka_token_uses_total{platform="shingsou",use="read",result="given"}')).toBe(1);
    expect(
      figure('liuka_token_uses_total{platform="unknown",use="read",result="unknownPlatform"}'),
    ).toBe(1);
    expect(text).not.toContain(token);
  });

  test('the token is kept over a restart, and is not stored in plain text', async () => {
    const token = await read();
    await stack.stopServer();
    expect(JSON.stringify(stack.rows('select * from tokens'))).not.toContain(token);
    await stack.startServer();
    expect(await read()).toBe(token);
    expect(await countTokenRequests()).toBe(1);
  });
});

describe('authentication', () => {
  beforeAll(start);
  afterAll(() => stack.close());

  test.each(['constructor', '__proto__', 'SHINGSOU'])('%s has no token', async (platform) => {
    const problem = await serviceClient.problem('GET /internal/tokens/:platform', {
      params: { platform },
    });
    expect(problem.code).toBe('token.platform_unknown');
  });

  test.each([
    ['nothing', undefined],
    ['another key', `${INTERNAL_KEY}x`],
    ['the beginning of the key', INTERNAL_KEY.slice(0, -1)],
  ])('with %s nobody is given a token', async (_, key) => {
    const problem = await stack
      .withToken(key)
      .problem('GET /internal/tokens/:platform', { params });
    expect(problem).toMatchObject({ status: 401, code: 'internal.key_required' });
    expect(await countTokenRequests()).toBe(0);
  });

  test('the key does not work for other routes, and no session works instead of it', async () => {
    expect((await serviceClient.problem('GET /me')).code).toBe('session.required');
    expect((await serviceClient.problem('GET /support/overview')).code).toBe('session.required');
    const customer = await stack.signIn();
    const problem = await customer.problem('GET /internal/tokens/:platform', { params });
    expect(problem.code).toBe('internal.key_required');
  });

  test('a short key is refused at start', () => {
    expect(() => readSettings({ ...stack.environment, INTERNAL_KEY: 'x'.repeat(31) })).toThrow(
      'INTERNAL_KEY: must be 32 to 128 letters, digits, - or _',
    );
  });
});

test('without a key the routes are disabled', async () => {
  const closed = await startStack({ env: { INTERNAL_KEY: '' } });
  const problem = await closed
    .withToken(INTERNAL_KEY)
    .problem('GET /internal/tokens/:platform', { params });
  expect(problem).toMatchObject({ status: 404, code: 'internal.disabled' });
  await closed.close();
});
