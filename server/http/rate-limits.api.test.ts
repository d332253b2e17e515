import { startStack, type Stack } from '../testing/harness';

const LIMIT = 400;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: { RATE_LIMIT_PER_MINUTE: String(LIMIT) } });
});
afterAll(() => stack.close());

async function sendInBatches(count: number, request: () => Promise<{ status: number }>) {
  const statuses: number[] = [];
  while (statuses.length < count) {
    const batch = Array.from({ length: 50 }, request);
    statuses.push(...(await Promise.all(batch)).map(({ status }) => status));
  }
  return statuses;
}

test('sign-in attempts of one address are limited, its other requests are not', async () => {
  const statuses = await sendInBatches(350, () =>
    stack.anyone.send('POST /sessions', { body: { code: '' } }),
  );
  expect(statuses.slice(0, 300).every((status) => status === 400)).toBe(true);
  expect(statuses.slice(300).every((status) => status === 429)).toBe(true);
  expect((await stack.anyone.problem('GET /me')).code).toBe('session.required');
});

test('requests of one address are limited, and the error says when to retry', async () => {
  await sendInBatches(LIMIT, () => stack.anyone.send('GET /me'));
  const answer = await stack.anyone.send('GET /me');
  expect(answer.body).toMatchObject({ status: 429, code: 'request.rate_limited' });
  expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(60);
});

test('a forged X-Forwarded-For has no effect, and notifications are not limited', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.7' };
  expect((await stack.anyone.problem('GET /me', { headers })).code).toBe('request.rate_limited');
  const unsignedNotification = await stack.anyone.raw({
    method: 'POST',
    path: '/api/v1/notifications/shingsou',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ event: 'paid', outTradeNo: 'LK202601010000000000000000' }),
  });
  expect(unsignedNotification.status).toBe(200);
  expect((await stack.anyone.raw({ method: 'GET', path: '/healthz' })).status).toBe(200);
});
