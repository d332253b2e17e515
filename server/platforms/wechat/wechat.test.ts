import type { ServerResponse } from 'node:http';
import { PlatformUnavailable } from '../ports';
import { sendJson, startTestServer } from '../testing/http-server';
import type { ReceivedRequest, TestServer } from '../testing/http-server';
import type { UpstreamCall } from '../upstream-http';
import { createWechat } from './index';
import type { Wechat } from './index';

const APP_ID = 'wx0123456789abcdef';
const SECRET = 'the-secret-of-the-mini-program';
const SESSION = { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', session_key: 'kJtdi6RF+Dv67QkbLlPGjw==' };

type Handler = (request: ReceivedRequest, response: ServerResponse) => void;

let server: TestServer;
let wechat: Wechat;
let handler: Handler;
let now: number;
let warnings: unknown[];
let calls: UpstreamCall[];

const respond =
  (body: unknown, status = 200): Handler =>
  (_request, response) =>
    sendJson(response, status, body);
const respondError = (errcode: number) => respond({ errcode, errmsg: 'a WeChat error' });
const dropConnection: Handler = (_request, response) => {
  response.destroy();
};

beforeEach(async () => {
  now = 0;
  warnings = [];
  calls = [];
  server = await startTestServer((request, response) => handler(request, response));
  wechat = createWechat({
    apiUrl: server.url,
    appId: APP_ID,
    appSecret: SECRET,
    clock: () => now,
    onCall: (call) => calls.push(call),
    warn: (message, details) => warnings.push({ message, details }),
    limits: { retries: 2, retryPause: 2, breakAfter: 100_000 },
  });
});
afterEach(async () => {
  await wechat.close();
  await server.close();
});

describe('a login code', () => {
  const exchange = () => wechat.identity.exchangeCode('071AbC');

  it('is exchanged for an openid, without returning the session key', async () => {
    handler = respond({ ...SESSION, unionid: 'oU' });
    expect(wechat.identity.appId).toBe(APP_ID);
    expect(await exchange()).toEqual({ outcome: 'done', openid: SESSION.openid, unionid: 'oU' });
    const [request] = server.requests;
    expect([request?.method, request?.path]).toEqual(['GET', '/sns/jscode2session']);
    expect(Object.fromEntries(request?.query ?? [])).toEqual({
      appid: APP_ID,
      secret: SECRET,
      js_code: '071AbC',
      grant_type: 'authorization_code',
    });
  });

  it('has no unionid if WeChat returns none', async () => {
    handler = respond({ ...SESSION, errcode: 0 });
    expect(await exchange()).toEqual({ outcome: 'done', openid: SESSION.openid, unionid: null });
  });

  it.each([
    [40029, 'codeInvalid'],
    [40163, 'codeInvalid'],
    [40226, 'blocked'],
  ])('is refused after error %i as %s', async (errcode, reason) => {
    handler = respondError(errcode);
    expect(await exchange()).toEqual({ outcome: 'refused', reason });
    expect(warnings).toEqual([]);
  });

  it('is retried while WeChat is busy', async () => {
    let busy = 2;
    handler = (request, response) => {
      busy -= 1;
      (busy >= 0 ? respondError(-1) : respond(SESSION))(request, response);
    };
    expect(await exchange()).toMatchObject({ outcome: 'done' });
    expect(server.requests).toHaveLength(3);
  });

  it('is retried twice at most', async () => {
    handler = respondError(-1);
    await expect(exchange()).rejects.toBeInstanceOf(PlatformUnavailable);
    expect(server.requests).toHaveLength(3);
  });

  it('is not retried after a lost answer, because it may be used up', async () => {
    handler = dropConnection;
    await expect(exchange()).rejects.toBeInstanceOf(PlatformUnavailable);
    expect(server.requests).toHaveLength(1);
  });

  it('is unavailable while rate limited', async () => {
    handler = respondError(45011);
    await expect(exchange()).rejects.toBeInstanceOf(PlatformUnavailable);
    expect(warnings).toEqual([]);
  });

  it.each([40013, 40125, 41002, 41004, 99999])(
    'cannot be exchanged with wrong settings (%i), which is logged for the operator',
    async (errcode) => {
      handler = respondError(errcode);
      await expect(exchange()).rejects.toBeInstanceOf(PlatformUnavailable);
      expect(warnings).toMatchObject([{ details: { operation: 'code2session', errcode } }]);
    },
  );

  it.each([
    ['no openid', respond({ session_key: 'x' })],
    ['an empty openid', respond({ ...SESSION, openid: '' })],
    ['an invalid openid', respond({ ...SESSION, openid: 'o u' })],
    ['a refusal as text', respond({ errcode: '40029' })],
    ['garbage', (_request: ReceivedRequest, response: ServerResponse) => response.end('<html>')],
    ['a session under HTTP 502', respond(SESSION, 502)],
  ])('cannot be exchanged after an answer with %s', async (_name, given) => {
    handler = given;
    await expect(exchange()).rejects.toBeInstanceOf(PlatformUnavailable);
  });
});

describe('the access token', () => {
  const token = { access_token: 'token-1', expires_in: 7200 };

  it('is fetched once for all callers from stable_token, and again before it expires', async () => {
    handler = respond(token);
    const tokens = await Promise.all(
      Array.from({ length: 20 }, () => wechat.accessToken.current()),
    );
    expect(new Set(tokens.map(({ value }) => value))).toEqual(new Set(['token-1']));
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/cgi-bin/stable_token' });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      grant_type: 'client_credential',
      appid: APP_ID,
      secret: SECRET,
      force_refresh: false,
    });
    now = 6_900_000;
    handler = respond({ ...token, access_token: 'token-2' });
    expect((await wechat.accessToken.current()).value).toBe('token-2');
  });

  it('may state its lifetime as text', async () => {
    handler = respond({ ...token, expires_in: '7200' });
    expect((await wechat.accessToken.current()).expiresAt).toBe(now + 7_200_000);
  });

  it.each([
    ['is refused', respondError(40164)],
    ['has no lifetime', respond({ access_token: 't' })],
    ['has an impossible lifetime', respond({ access_token: 't', expires_in: 1e12 })],
    ['is invalid in a header', respond({ ...token, access_token: 'a b' })],
    ['is lost', dropConnection],
  ])('is unavailable if it %s', async (_name, given) => {
    handler = given;
    await expect(wechat.accessToken.current()).rejects.toBeInstanceOf(PlatformUnavailable);
  });

  it('shows at start whether the secret is valid', async () => {
    handler = respond(token);
    expect(await wechat.verify()).toBe('ok');
    for (const errcode of [40001, 40013, 40125, 40164]) {
      handler = respondError(errcode);
      expect(await wechat.verify()).toBe('refused');
    }
    for (const given of [respondError(-1), respondError(45009), dropConnection]) {
      handler = given;
      await expect(wechat.verify()).rejects.toBeInstanceOf(PlatformUnavailable);
    }
  });
});

it('no error, warning or observed call contains the secret or the code', async () => {
  const messages: string[] = [];
  for (const given of [
    respondError(40125),
    respondError(-1),
    dropConnection,
    respond('<html>', 500),
  ]) {
    handler = given;
    for (const call of [
      () => wechat.identity.exchangeCode('071AbC'),
      () => wechat.accessToken.current(),
    ]) {
      const error: unknown = await call().catch((reason: unknown) => reason);
      messages.push(error instanceof Error ? `${error.message} ${error.stack ?? ''}` : '');
    }
  }
  const text = JSON.stringify([messages, warnings, calls]);
  expect(messages.every((each) => each.startsWith('wechat '))).toBe(true);
  for (const secret of [SECRET, '071AbC']) expect(text).not.toContain(secret);
});
