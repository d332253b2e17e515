import { PlatformUnavailable } from '../ports';
import { sendJson, startTestServer } from '../testing/http-server';
import type { Handler, ReceivedRequest } from '../testing/http-server';
import { createUpstreamHttp } from '../upstream-http';
import { createTokenClient } from './token-client';
import type { TokenForm } from './token-client';

const good = { access_token: 'abc.def', expires_in: 7200, token_type: 'Bearer' };

const openConnections: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(openConnections.splice(0).map((each) => each.close()));
});

async function connect(handler: Handler, tokenForm?: TokenForm) {
  const server = await startTestServer(handler);
  const http = createUpstreamHttp({
    platform: 'shingsou',
    origin: server.url,
    limits: { retryPause: 5 },
  });
  openConnections.push(http, server);
  const warnings: unknown[] = [];
  const fetchToken = createTokenClient({
    http,
    clientId: 'the-client',
    clientSecret: 'the-secret',
    scope: 'iot.cardservice.all iot.paymentservice.all',
    tokenForm,
    warn: (_message, { fits }) => warnings.push(fits),
  });
  return { server, fetchToken, warnings };
}

async function formOf(request: ReceivedRequest | undefined): Promise<Record<string, unknown>> {
  const headers = { 'content-type': request?.headers['content-type'] ?? '' };
  const form = await new Response(request?.body ?? '', { headers }).formData();
  return Object.fromEntries(form);
}

describe('requesting a token', () => {
  it('sends the form that the access document shows', async () => {
    const { server, fetchToken } = await connect((_request, response) => {
      sendJson(response, 200, good);
    });
    expect(await fetchToken()).toEqual({ value: 'abc.def', expiresIn: 7200 });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/connect/token' });
    expect(request?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(await formOf(request)).toEqual({
      grant_type: 'client_credentials',
      client_Id: 'the-client',
      client_secret: 'the-secret',
      scope: 'iot.cardservice.all iot.paymentservice.all',
    });
  });

  it('sends the standard form if that is configured', async () => {
    const { server, fetchToken } = await connect((_request, response) => {
      sendJson(response, 200, good);
    }, 'urlencoded');
    await fetchToken();
    const form = await formOf(server.requests[0]);
    expect(form).toEqual({
      grant_type: 'client_credentials',
      client_id: 'the-client',
      client_secret: 'the-secret',
      scope: 'iot.cardservice.all iot.paymentservice.all',
    });
  });

  it('sends the credentials in the header if that is configured', async () => {
    const { server, fetchToken } = await connect((_request, response) => {
      sendJson(response, 200, good);
    }, 'basic');
    await fetchToken();
    const [request] = server.requests;
    // RFC 7617: base64 of `the-client:the-secret`.
    expect(request?.headers.authorization).toBe('Basic dGhlLWNsaWVudDp0aGUtc2VjcmV0');
    expect(await formOf(request)).toEqual({
      grant_type: 'client_credentials',
      scope: 'iot.cardservice.all iot.paymentservice.all',
    });
  });

  it.each<[string, number, object, number]>([
    ['a lifetime as text', 200, { ...good, expires_in: '3600' }, 3_600],
    ['no lifetime, used until it is refused', 200, { ...good, expires_in: undefined }, 31_622_400],
    ['an empty lifetime', 200, { ...good, expires_in: null }, 31_622_400],
    ['HTTP 201', 201, good, 7_200],
    ['a type in capitals', 200, { ...good, token_type: 'BEARER' }, 7_200],
    ['fields nobody knows', 200, { ...good, scope: 'a', refresh_token: null, x: {} }, 7_200],
  ])('reads a token with %s', async (_name, status, answer, expiresIn) => {
    const { fetchToken } = await connect((_request, response) => {
      sendJson(response, status, answer);
    });
    expect(await fetchToken()).toEqual({ value: 'abc.def', expiresIn });
  });

  it.each<[string, TokenForm, object, number]>([
    ['the form is not understood', 'multipart', { error: 'invalid_request' }, 2],
    ['the standard form is not understood', 'urlencoded', { error: 'invalid_request' }, 2],
    ['no client is seen', 'multipart', { error: 'invalid_client' }, 2],
    ['the client is wrong', 'urlencoded', { error: 'invalid_client' }, 1],
    ['the permissions are wrong', 'multipart', { error: 'invalid_scope' }, 1],
  ])('tries the other form at most once: %s', async (_case, form, refusal, requests) => {
    const { server, fetchToken, warnings } = await connect((_request, response) => {
      sendJson(response, 400, refusal);
    }, form);
    await expect(fetchToken()).rejects.toThrow(PlatformUnavailable);
    expect(server.requests).toHaveLength(requests);
    await expect(fetchToken()).rejects.toThrow(PlatformUnavailable);
    expect(server.requests).toHaveLength(requests + 1);
    expect(warnings).toEqual([]);
  });

  it('names the error and its description, unless that repeats a credential', async () => {
    const descriptions = ['the scope is gone', 'unknown client the-client'];
    const { fetchToken } = await connect((_request, response) => {
      sendJson(response, 400, { error: 'invalid_scope', error_description: descriptions.shift() });
    });
    await expect(fetchToken()).rejects.toThrow(/invalid_scope \(the scope is gone\)$/);
    await expect(fetchToken()).rejects.toThrow(/invalid_scope$/);
  });

  it.each<[string, Handler]>([
    ['a refusal', (_q, response) => sendJson(response, 400, { error: 'invalid_client' })],
    ['a server error', (_q, response) => sendJson(response, 500, good)],
    ['a web page', (_q, response) => void response.end('<html>')],
    ['an odd lifetime', (_q, response) => sendJson(response, 200, { ...good, expires_in: 'soon' })],
    ['a lifetime of zero', (_q, response) => sendJson(response, 200, { ...good, expires_in: 0 })],
    ['another type', (_q, response) => sendJson(response, 200, { ...good, token_type: 'mac' })],
    [
      'a token that is invalid in a header',
      (_q, response) => sendJson(response, 200, { ...good, access_token: 'a\r\nx: y' }),
    ],
    ['a dropped connection', (_q, response) => void response.destroy()],
  ])('fails after %s, without a secret in the error', async (_name, handler) => {
    const { fetchToken } = await connect(handler);
    const failure: unknown = await fetchToken().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PlatformUnavailable);
    expect(String(failure)).not.toMatch(/the-client|the-secret|abc\.def/);
  });

  it('reports the error code of a refusal', async () => {
    const { fetchToken } = await connect((_request, response) => {
      sendJson(response, 400, { error: 'invalid_scope' });
    });
    await expect(fetchToken()).rejects.toThrow('HTTP 400, invalid_scope');
  });
});
