import { startStack, type Stack } from '../testing/harness';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe('signing in', () => {
  test('a login code is exchanged for a session of thirty days', async () => {
    const code = await stack.sandbox.loginCode('mei');
    const answer = await stack.withToken(undefined).send('POST /sessions', { body: { code } });
    expect(answer.status).toBe(201);
    const { expiresAt } = answer.body as { expiresAt: string };
    const days = (Date.parse(expiresAt) - stack.now()) / DAY;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThanOrEqual(30);
  });

  test('a person has the same user id at each sign-in, and another person has another id', async () => {
    const first = await stack.signIn('mei');
    const again = await stack.signIn('mei');
    const other = await stack.signIn('bo');
    expect(again.userId).toBe(first.userId);
    expect(again.token).not.toBe(first.token);
    expect(other.userId).not.toBe(first.userId);
  });

  test('a code works once', async () => {
    const code = await stack.sandbox.loginCode('mei');
    await stack.anyone.ok('POST /sessions', { body: { code } });
    const problem = await stack.anyone.problem('POST /sessions', { body: { code } });
    expect(problem).toMatchObject({ status: 401, code: 'login.code_invalid' });
  });

  test('of two concurrent sign-ins with one code, one succeeds', async () => {
    const code = await stack.sandbox.loginCode('mei');
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => stack.anyone.send('POST /sessions', { body: { code } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401]);
  });

  test('a code is refused after five minutes', async () => {
    const code = await stack.sandbox.loginCode('mei');
    await stack.advanceClock(5 * MINUTE + 1_000);
    const problem = await stack.anyone.problem('POST /sessions', { body: { code } });
    expect(problem.code).toBe('login.code_invalid');
  });

  test.each([
    ['made up', 'nobody-gave-this'],
    ['in Chinese', '登录'],
    ['an emoji', '🙂'],
    ['a lone surrogate', '\ud800'],
    ['SQL', "' or 1=1 --"],
    ['as long as allowed', 'x'.repeat(256)],
  ])('a code that is %s is refused as invalid', async (_, code) => {
    const problem = await stack.anyone.problem('POST /sessions', { body: { code } });
    expect(problem).toMatchObject({ status: 401, code: 'login.code_invalid' });
  });

  test('a code that contains U+0000 is refused as invalid text', async () => {
    const body = { code: 'a\u0000b' };
    const problem = await stack.anyone.problem('POST /sessions', { body });
    expect(problem).toMatchObject({ status: 400, code: 'request.invalid' });
  });

  test('a person whom WeChat blocks is refused, and no user is created', async () => {
    const users = stack.rows('select id from users').length;
    await stack.sandbox.faults({ loginBlocked: true });
    const code = await stack.sandbox.loginCode('blocked');
    const problem = await stack.anyone.problem('POST /sessions', { body: { code } });
    await stack.sandbox.faults();
    expect(problem).toMatchObject({ status: 403, code: 'login.refused' });
    expect(stack.rows('select id from users')).toHaveLength(users);
  });

  test('the token is not stored in plain text', async () => {
    const { token } = await stack.signIn('mei');
    const stored = JSON.stringify(stack.rows('select * from sessions'));
    expect(stored).not.toContain(token);
  });
});

describe('a session', () => {
  test('identifies the user', async () => {
    const customer = await stack.signIn('mei');
    const me = await customer.ok('GET /me', {});
    expect(me.id).toBe(customer.userId);
  });

  test('ends when the user signs out; other sessions do not', async () => {
    const phone = await stack.signIn('mei');
    const desktop = await stack.signIn('mei');
    await phone.ok('DELETE /sessions/current', {});
    expect((await phone.problem('GET /me')).code).toBe('session.required');
    expect((await phone.problem('DELETE /sessions/current')).code).toBe('session.required');
    expect((await desktop.ok('GET /me', {})).id).toBe(desktop.userId);
  });

  test('ends after thirty days, even if it was used just before', async () => {
    const customer = await stack.signIn('mei');
    await stack.advanceClock(30 * DAY - 5_000);
    expect((await customer.ok('GET /me', {})).id).toBe(customer.userId);
    await stack.advanceClock(5_001);
    expect((await customer.problem('GET /me')).code).toBe('session.required');
  });

  test.each([
    ['no token', undefined],
    ['an empty token', 'Bearer '],
    ['another scheme', 'Basic bWVpOm1laQ=='],
    ['an unknown token', `Bearer ${'a'.repeat(43)}`],
    ['a token that is too short', 'Bearer abc'],
    ['a token that is too long', `Bearer ${'a'.repeat(5_000)}`],
    ['a token with a quote', `Bearer ${'a'.repeat(20)}'--`],
  ])('%s is not authenticated', async (_, authorization) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const answer = await stack.anyone.raw({ method: 'GET', path: '/api/v1/me', headers });
    expect(answer.body).toMatchObject({ status: 401, code: 'session.required' });
  });
});
