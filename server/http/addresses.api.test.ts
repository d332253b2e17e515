import { startStack, type Stack } from '../testing/harness';

const LIMIT = 20;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { RATE_LIMIT_PER_MINUTE: String(LIMIT), TRUST_PROXY: '1' } });
});
afterAll(() => stack.close());

/** Sends a request through a proxy that appends the caller's address to `X-Forwarded-For`. */
async function requestFrom(address: string, forwardedFor: string): Promise<string> {
  const headers = { 'x-forwarded-for': `${forwardedFor}, ${address}` };
  return (await stack.anyone.problem('GET /me', { headers })).code;
}

test('behind a proxy, a forged X-Forwarded-For does not bypass the rate limit', async () => {
  for (let count = 0; count < LIMIT; count += 1) {
    expect(await requestFrom('198.51.100.1', `203.0.113.${String(count)}`)).toBe(
      'session.required',
    );
  }
  expect(await requestFrom('198.51.100.1', '203.0.113.200')).toBe('request.rate_limited');
  expect(await requestFrom('198.51.100.2', '203.0.113.1')).toBe('session.required');
});

test.each(['/API/V1/sessions', '/api/v1/sessions/'])(
  'a route has one spelling, so that no limit can be walked around by another: %s',
  async (path) => {
    const { body } = await stack.anyone.raw({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: 'some-code' }),
    });
    expect(body).toMatchObject({ status: 404, code: 'request.route_not_found' });
  },
);
