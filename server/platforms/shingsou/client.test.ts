import { createTokenHolder } from '../token-holder';
import { sendJson } from '../testing/http-server';
import { createUpstreamHttp } from '../upstream-http';
import type { UpstreamLimits } from '../upstream-policies';
import { createShingsouClient } from './client';
import { respondSuccess, respondError, startScriptedGateway } from './testing/scripted-gateway';
import type { Handler, ScriptedGateway } from './testing/scripted-gateway';
import { createTokenClient } from './token-client';
import { createPlatformClock } from '../platform-clock';

const ICCID = '89860312345678901234';

let gateway: ScriptedGateway;
let http: ReturnType<typeof createUpstreamHttp>;
let client: ReturnType<typeof createShingsouClient>;

function connect(limits: Partial<UpstreamLimits>): void {
  http = createUpstreamHttp({
    platform: 'shingsou',
    origin: gateway.url,
    limits: { retryPause: 2, breakAfter: 1_000, ...limits },
  });
  const fetchToken = createTokenClient({ http, clientId: 'c', clientSecret: 's', scope: 'all' });
  client = createShingsouClient({
    http,
    tokens: createTokenHolder({ fetchToken, clock: Date.now }),
    subscriptionKey: 'the-key',
    platformClock: createPlatformClock(Date.now),
    warn: (message, details) => gateway.warnings.push({ message, details }),
  });
}

beforeEach(async () => {
  gateway = await startScriptedGateway();
  connect({});
});
afterEach(async () => {
  await http.close();
  await gateway.close();
});

const status = () => client.call('flowCardStatus', { cardNo: ICCID });

describe('an operation', () => {
  it('is called with both gateway headers and its request in the query', async () => {
    gateway.handlers.flowCardStatus = respondSuccess({ status: '1', surplus: 'dropped' });
    expect(await status()).toEqual({ outcome: 'done', data: { status: '1' } });
    const request = gateway.requests.at(-1);
    expect(request).toMatchObject({ method: 'GET', path: '/cards/FlowCard/Status' });
    expect(request?.query.get('cardNo')).toBe(ICCID);
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer token-1',
      'ocp-apim-subscription-key': 'the-key',
    });
  });

  it('with the method POST sends its request as JSON', async () => {
    gateway.handlers.closePayment = respondSuccess({ outTradeNo: 'LK000001' });
    await client.call('closePayment', { outTradeNo: 'LK000001' });
    const request = gateway.requests.at(-1);
    expect(request?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(request?.body ?? '')).toEqual({ outTradeNo: 'LK000001' });
  });

  it('is not called with an invalid request', async () => {
    await expect(client.call('flowCardStatus', { cardNo: '' })).rejects.toThrow(
      new TypeError('shingsou flowcard-status: invalid request fields: cardNo'),
    );
    expect(gateway.requests).toHaveLength(0);
  });
});

describe('the token', () => {
  it('is replaced once for fifty concurrent calls after it was revoked, and all succeed', async () => {
    gateway.handlers.flowCardStatus = respondSuccess({ status: '1' });
    await status();
    gateway.revokeToken();
    const results = await Promise.all(Array.from({ length: 50 }, status));
    expect(results.every(({ outcome }) => outcome === 'done')).toBe(true);
    expect(gateway.tokensIssued()).toBe(2);
  });

  it('is also replaced for a non-idempotent call, because a 401 means that nothing was done', async () => {
    gateway.handlers.code2session = respondSuccess({ openid: 'o1', session_key: 'k' });
    gateway.handlers.flowCardStatus = respondSuccess({ status: '1' });
    await status();
    gateway.revokeToken();
    expect(await client.call('code2session', { code: 'x' })).toMatchObject({ outcome: 'done' });
  });

  it('is replaced only once if the gateway refuses the new one too', async () => {
    gateway.handlers.flowCardStatus = (_request, response) => sendJson(response, 401, {});
    expect(await status()).toMatchObject({ outcome: 'unknown' });
    expect(gateway.tokensIssued()).toBe(2);
    expect(gateway.timesCalled('flowCardStatus')).toBe(2);
  });
});

describe('an answer', () => {
  it.each(['NotFound', 'ORDERPAID', 'INVALID_REQUEST'])(
    'with the name %s is a refusal',
    async (name) => {
      gateway.handlers.flowCardStatus = respondError(name);
      expect(await status()).toEqual({ outcome: 'refused', name, description: '说明' });
    },
  );

  it('with an error envelope under HTTP 200 is a refusal', async () => {
    gateway.handlers.flowCardStatus = (_request, response) =>
      sendJson(response, 200, { code: 404, name: 'NotFound', data: null });
    expect(await status()).toMatchObject({ outcome: 'refused', name: 'NotFound' });
  });

  const envelopeOf = (data: unknown) => ({ code: 200, name: 'Status200OK', data });
  it.each<[string, Handler]>([
    ['an unlisted refusal', respondError('SYSTEMERROR')],
    ['the document’s internal error', respondError('ExpectationFailed')],
    ['a refusal under HTTP 500', (_q, r) => sendJson(r, 500, { code: 404, name: 'NotFound' })],
    ['success under HTTP 404', (_q, r) => sendJson(r, 404, envelopeOf({ status: '1' }))],
    ['the gateway’s own 404', (_q, r) => sendJson(r, 404, { statusCode: 404, message: 'no' })],
    ['a missing permission', (_q, r) => sendJson(r, 403, { statusCode: 403, message: 'no' })],
    ['too many requests', (_q, r) => sendJson(r, 429, { statusCode: 429, message: 'slow' })],
    ['a redirect', (_q, r) => void r.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()],
    ['a web page', (_q, r) => void r.end('<html><title>维护中</title></html>')],
    ['nothing', (_q, r) => void r.end()],
    ['null', (_q, r) => sendJson(r, 200, null)],
    ['data without an envelope', (_q, r) => sendJson(r, 200, { status: '1' })],
    ['an envelope whose code is text', (_q, r) => sendJson(r, 200, { code: '200', data: {} })],
    ['an envelope without data', (_q, r) => sendJson(r, 200, { code: 200 })],
    ['data that does not match the schema', (_q, r) => sendJson(r, 200, envelopeOf({ status: 1 }))],
    ['truncated JSON', (_q, r) => void r.end('{"code":200,"data":{"status":"1"')],
    [
      'a truncated response',
      (_q, r) => {
        r.writeHead(200, { 'content-length': '1000' });
        r.write('{"code":200,', () => r.destroy());
      },
    ],
    ['a response of two megabytes', (_q, r) => sendJson(r, 200, envelopeOf('x'.repeat(2 << 20)))],
  ])('of the kind “%s” leaves the outcome unknown', async (_name, answer) => {
    gateway.handlers.closePayment = answer;
    const result = await client.call('closePayment', { outTradeNo: 'LK000001' });
    expect(result).toEqual({
      outcome: 'unknown',
      message: expect.stringContaining('wechatpay-close'),
    });
    await expect(client.query('closePayment', { outTradeNo: 'LK000001' })).rejects.toMatchObject({
      name: 'PlatformUnavailable',
    });
  });

  it('that times out leaves the outcome unknown', async () => {
    gateway.handlers.closePayment = () => undefined;
    await http.close();
    connect({ totalTimeout: 500 });
    expect(await client.call('closePayment', { outTradeNo: 'LK000001' })).toEqual({
      outcome: 'unknown',
      message: 'shingsou wechatpay-close: the platform did not answer in time',
    });
  });

  it('that does not match its schema is reported by field names, never values', async () => {
    gateway.handlers.flowCardDetail = respondSuccess({ iccid: { number: ICCID } });
    await client.call('flowCardDetail', { cardNo: ICCID });
    const warned = JSON.stringify(gateway.warnings);
    expect(warned).toContain('iccid');
    expect(warned).not.toContain(ICCID);
  });

  it('that is lost is not retried unless the operation is idempotent', async () => {
    gateway.handlers.code2session = (_request, response) => void response.destroy();
    expect(await client.call('code2session', { code: 'x' })).toMatchObject({ outcome: 'unknown' });
    expect(gateway.timesCalled('code2session')).toBe(1);
  });
});
