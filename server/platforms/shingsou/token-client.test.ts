import { PlatformUnavailable } from '../ports';
import { sendJson, startTestServer } from '../testing/http-server';
import type { Handler, ReceivedRequest } from '../testing/http-server';
import { createUpstreamHttp } from '../upstream-http';
import { createTokenClient } from './token-client';

const good = { access_token: 'abc.def', expires_in: 7200, token_type: 'Bearer' };

const openConnections: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(openConnections.splice(0).map((each) => each.close()));
});

async function connect(handler: Handler, tokenFieldName?: string) {
  const server = await startTestServer(handler);
  const http = createUpstreamHttp({
    platform: 'shingsou',
    origin: server.url,
    limits: { retryPause: 5 },
  });
  openConnections.push(http, server);
  const fetchToken = createTokenClient({
    http,
    clientId: 'the-client',
    clientSecret: 'the-secret',
    scope: 'iot.cardservice.all iot.paymentservice.all',
    tokenFieldName,
  });
  return { server, fetchToken };
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

  it('uses the configured name of the client id field', async () => {
    const { server, fetchToken } = await connect((_request, response) => {
      sendJson(response, 200, good);
    }, 'client_id');
    await fetchToken();
    const form = await formOf(server.requests[0]);
    expect(form).toMatchObject({ client_id: 'the-client' });
    expect(form).not.toHaveProperty('client_Id');
  });

  it.each<[string, Handler]>([
    ['a refusal', (_q, response) => sendJson(response, 400, { error: 'invalid_client' })],
    ['a server error', (_q, response) => sendJson(response, 500, good)],
    ['a web page', (_q, response) => void response.end('<html>')],
    ['no lifetime', (_q, response) => sendJson(response, 200, { ...good, expires_in: null })],
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
