import { ApiError } from './api-error';
import { createApi, toHttp } from './api-client';
import type { Credentials } from './api-client';
import { TransportFailure } from './transport';
import type { HttpResponse, HttpRequest } from './transport';

const problem = (code: string, rest: object = {}): unknown => ({
  type: 'about:blank',
  title: '标题',
  detail: '说明',
  status: 400,
  code,
  requestId: 'r-1',
  ...rest,
});

const httpResponse = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): HttpResponse => ({
  status,
  headers,
  body,
});

/** An API client whose transport returns the given responses in turn and records the requests. */
function apiResponding(
  responses: (HttpResponse | Error)[],
  credentials: Partial<Credentials> = {},
) {
  const sent: HttpRequest[] = [];
  const api = createApi({
    transport: (request) => {
      sent.push(request);
      const next = responses.shift();
      if (next === undefined || next instanceof Error)
        return Promise.reject(next ?? new Error('none'));
      return Promise.resolve(next);
    },
    origin: 'https://bff.example',
    credentials: {
      token: () => Promise.resolve('token-1'),
      renew: () => Promise.resolve('token-2'),
      ...credentials,
    },
    language: () => 'zh-CN',
    describeError: (code) => ({ title: code, detail: 'client text' }),
  });
  return { api, sent };
}

async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) return error;
  throw new Error('an ApiError was expected', { cause: error });
}

describe('a request', () => {
  test('has its parameters in the path and its query encoded', () => {
    const request = toHttp(
      'GET /cards/:cardId',
      { params: { cardId: 'a/b' }, query: { n: '1 2' } },
      '',
    );
    expect(request).toEqual({ method: 'GET', url: '/api/v1/cards/a%2Fb?n=1%202', headers: {} });
  });

  test('carries the token and the language', async () => {
    const { api, sent } = apiResponding([httpResponse(200, { items: [] })]);
    await api('GET /cards', { query: { number: '1064905100320' } });
    expect(sent[0]).toEqual({
      method: 'GET',
      url: 'https://bff.example/api/v1/cards?number=1064905100320',
      headers: { 'Accept-Language': 'zh-CN', Authorization: 'Bearer token-1' },
    });
  });

  test('without a session carries no token', async () => {
    const { api, sent } = apiResponding([httpResponse(201, { token: 't' })], {
      token: () => Promise.resolve(undefined),
    });
    await api('POST /sessions', { body: { code: 'c' } });
    expect(sent[0]?.headers).toEqual({ 'Accept-Language': 'zh-CN' });
  });
});

describe('a response', () => {
  test('without content is undefined', async () => {
    const { api } = apiResponding([httpResponse(204, null)]);
    await expect(api('DELETE /sessions/current')).resolves.toBeUndefined();
  });

  test('with a problem document becomes an error with its texts, order and retry delay', async () => {
    const body = problem('order.already_open', { orderId: 'o-1' });
    const { api } = apiResponding([httpResponse(409, body, { 'retry-after': '7' })]);
    const error = await errorOf(api('GET /me'));
    expect(error).toMatchObject({
      code: 'order.already_open',
      status: 409,
      title: '标题',
      detail: '说明',
      orderId: 'o-1',
      retryAfter: 7,
      requestId: 'r-1',
    });
  });

  test.each([
    [502, '<html>'],
    [200, null],
    [404, { message: 'Not Found' }],
  ])('of status %d that the BFF cannot have sent is an unreadable error', async (status, body) => {
    const { api } = apiResponding([httpResponse(status, body)]);
    expect((await errorOf(api('GET /me'))).code).toBe('client.unreadable');
  });

  test.each(['offline', 'timeout'] as const)(
    'that never arrives is an error of code %s',
    async (reason) => {
      const { api } = apiResponding([new TransportFailure(reason)]);
      const error = await errorOf(api('GET /me'));
      expect(error).toMatchObject({ code: `client.${reason}`, hasNoResponse: true });
    },
  );
});

describe('a rejected token', () => {
  test('is renewed once and the call is repeated unchanged', async () => {
    const rejectedTokens: string[] = [];
    const { api, sent } = apiResponding(
      [
        httpResponse(401, problem('session.required')),
        httpResponse(200, { items: [], nextCursor: null }),
      ],
      {
        renew: (rejected) => {
          rejectedTokens.push(rejected);
          return Promise.resolve('token-2');
        },
      },
    );
    await api('GET /orders', { query: {} });
    expect(rejectedTokens).toEqual(['token-1']);
    expect(sent.map(({ headers }) => headers.Authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  test('is not renewed a second time', async () => {
    const { api, sent } = apiResponding([
      httpResponse(401, problem('session.required')),
      httpResponse(401, problem('session.required')),
    ]);
    expect((await errorOf(api('GET /me'))).code).toBe('session.required');
    expect(sent).toHaveLength(2);
  });

  test('is distinguished from a wrong password', async () => {
    const { api, sent } = apiResponding([httpResponse(401, problem('login.password_wrong'))]);
    expect((await errorOf(api('GET /me'))).code).toBe('login.password_wrong');
    expect(sent).toHaveLength(1);
  });
});
