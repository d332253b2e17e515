import { PlatformUnavailable } from '../ports';
import { sendJson, startTestServer } from '../testing/http-server';
import { startSimulatedPlatforms } from '../testing/simulated-platforms';
import type { SimulatedPlatforms } from '../testing/simulated-platforms';
import { createUpstreamHttp } from '../upstream-http';
import { createAuthorization } from './authorization';
import type { Authorization } from './authorization';

const SCOPE = 'openid profile iot.cardservice.all';
const redirectUri = 'http://127.0.0.1:9/back?from=shop';

let platforms: SimulatedPlatforms;
let authorization: Authorization;
const openConnections: { close(): Promise<void> }[] = [];

function connect(idsUrl: string, clientSecret = 'the-secret', clientId = 'the-client') {
  const http = createUpstreamHttp({ platform: 'shingsou', origin: idsUrl });
  openConnections.push(http);
  return createAuthorization({ idsUrl, http, clientId, clientSecret });
}

beforeAll(async () => {
  platforms = await startSimulatedPlatforms();
  const { setting } = platforms;
  authorization = connect(
    setting('SHINGSOU_IDS_URL'),
    setting('SHINGSOU_CLIENT_SECRET'),
    setting('SHINGSOU_CLIENT_ID'),
  );
});
afterAll(async () => {
  await Promise.all(openConnections.map((each) => each.close()));
  await platforms.close();
});

/** Follows the redirect like a browser, and returns the address reached and its query parameters. */
async function followRedirect(address: string) {
  const response = await fetch(address, { redirect: 'manual' });
  const { searchParams } = new URL(response.headers.get('location') ?? 'http://nowhere');
  return {
    status: response.status,
    from: searchParams.get('from'),
    error: searchParams.get('error'),
    code: searchParams.get('code') ?? '',
    state: searchParams.get('state') ?? '',
  };
}

async function consent(scope = SCOPE) {
  const state = authorization.newState();
  const back = await followRedirect(authorization.authorizeUrl({ redirectUri, scope, state }));
  return { back, expected: { state, redirectUri } };
}

it('redirects the browser back with a code that is exchanged for a token', async () => {
  const { back, expected } = await consent();
  expect(back).toMatchObject({ status: 302, from: 'shop', error: null, state: expected.state });
  expect(await authorization.exchange(back, expected)).toEqual({
    outcome: 'done',
    token: { value: expect.stringMatching(/^[\w-]{40,}$/), expiresIn: 7200 },
  });
});

it('accepts a code once', async () => {
  const { back, expected } = await consent();
  await authorization.exchange(back, expected);
  const refused = { outcome: 'refused', reason: 'codeInvalid' };
  expect(await authorization.exchange(back, expected)).toEqual(refused);
});

it('accepts a code only with the redirect address it was issued for', async () => {
  const { back, expected } = await consent();
  const elsewhere = { ...expected, redirectUri: 'http://127.0.0.1:9/elsewhere' };
  const refused = { outcome: 'refused', reason: 'codeInvalid' };
  expect(await authorization.exchange(back, elsewhere)).toEqual(refused);
  expect(await authorization.exchange(back, expected)).toEqual(refused);
});

it('refuses a code after five minutes', async () => {
  const { back, expected } = await consent();
  await platforms.advanceClock(301);
  const refused = { outcome: 'refused', reason: 'codeInvalid' };
  expect(await authorization.exchange(back, expected)).toEqual(refused);
});

it.each([
  ['another state', 'made-up'],
  ['no state', ''],
])('sends no request if the browser returns with %s', async (_case, state) => {
  const server = await startTestServer((_request, response) => sendJson(response, 200, {}));
  openConnections.push(server);
  const other = connect(server.url);
  const expected = { state: other.newState(), redirectUri };
  const refused = { outcome: 'refused', reason: 'stateDiffers' };
  expect(await other.exchange({ code: 'c', state }, expected)).toEqual(refused);
  expect(await other.exchange({ code: 'c', state }, { ...expected, state: '' })).toEqual(refused);
  expect(server.requests).toHaveLength(0);
});

it('creates a new 256-bit state each time', () => {
  const states = Array.from({ length: 100 }, () => authorization.newState());
  expect(new Set(states).size).toBe(100);
  expect(states.every((state) => Buffer.from(state, 'base64url').length === 32)).toBe(true);
});

it('reports the refusal of an unknown scope', async () => {
  const { back } = await consent('everything');
  expect(back).toMatchObject({ error: 'invalid_scope', code: '' });
});

it.each([
  ['another client', { client_id: 'somebody' }],
  ['no state', { state: '' }],
  ['an address that is not registered', { redirect_uri: 'http://example.com/back' }],
  ['another response type', { response_type: 'token' }],
])('is not redirected with %s', async (_case, changes) => {
  const url = new URL(authorization.authorizeUrl({ redirectUri, scope: SCOPE, state: 's' }));
  for (const [name, value] of Object.entries(changes)) url.searchParams.set(name, value);
  expect((await followRedirect(url.href)).status).toBe(400);
});

it('is unavailable after a lost answer, without a secret in the message', async () => {
  const server = await startTestServer((_request, response) => void response.destroy());
  openConnections.push(server);
  const other = connect(server.url);
  const state = other.newState();
  const failure: unknown = await other
    .exchange({ code: 'the-code', state }, { state, redirectUri })
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PlatformUnavailable);
  expect(String(failure)).not.toMatch(/the-secret|the-code|the-client/);
  expect(server.requests).toHaveLength(1);
});
