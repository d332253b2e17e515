import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createTokenHolder } from '../token-holder';
import { createUpstreamHttp } from '../upstream-http';
import type { UpstreamHttp } from '../upstream-http';
import { createTokenClient } from './token-client';
import type { TokenClientOptions } from './token-client';

/** Tests the token client against an independent OAuth 2 server, the npm package oidc-provider. */

const client = { client_id: 'the-client', client_secret: 'the-secret' };

let server: ChildProcess;
let origin: string;
let http: UpstreamHttp;
beforeAll(async () => {
  server = spawn(process.execPath, [join(__dirname, 'testing/oidc-server.mjs')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface(server.stdout!), 'line')) as [string];
  origin = line;
  http = createUpstreamHttp({ platform: 'shingsou', origin });
}, 60_000);
afterAll(async () => {
  await http.close();
  server.kill();
  await once(server, 'close');
});

function createClient(change: Partial<TokenClientOptions> = {}) {
  return createTokenClient({
    http,
    clientId: client.client_id,
    clientSecret: client.client_secret,
    scope: 'iot.cardservice.all iot.paymentservice.all',
    tokenForm: 'urlencoded',
    ...change,
  });
}

async function postToken(path: string, token: string): Promise<Response> {
  const body = new URLSearchParams({ ...client, token });
  return fetch(`${origin}${path}`, { method: 'POST', body });
}

/** Introspects a token at the server (RFC 7662). */
async function introspect(token: string): Promise<unknown> {
  return (await postToken('/connect/introspect', token)).json();
}

test('a token requested in the standard form has the requested permissions', async () => {
  const { value, expiresIn } = await createClient()();
  expect(expiresIn).toBe(600);
  expect(await introspect(value)).toMatchObject({
    active: true,
    client_id: client.client_id,
    scope: 'iot.cardservice.all iot.paymentservice.all',
    token_type: 'Bearer',
  });
});

test('the form of 旭宇’s document is followed once by the standard one, which is remembered', async () => {
  const warnings: unknown[] = [];
  const fetchToken = createClient({
    tokenForm: 'multipart',
    warn: (_message, details) => warnings.push(details),
  });
  for (let turn = 0; turn < 3; turn += 1) {
    expect(await introspect((await fetchToken()).value)).toMatchObject({ active: true });
  }
  expect(warnings).toEqual([{ setting: 'SHINGSOU_TOKEN_FORM', fits: 'urlencoded' }]);
});

test('a revoked token is replaced', async () => {
  const tokens = createTokenHolder({ fetchToken: createClient(), clock: Date.now });
  const { value } = await tokens.current();
  expect((await postToken('/connect/revocation', value)).status).toBe(200);
  expect(await introspect(value)).toMatchObject({ active: false });
  const renewed = await Promise.all(Array.from({ length: 20 }, () => tokens.refresh(value)));
  expect(new Set(renewed.map((token) => token.value)).size).toBe(1);
  expect(await introspect(renewed[0]!.value)).toMatchObject({ active: true });
});

test.each<[string, Partial<TokenClientOptions>, string]>([
  ['a wrong secret', { clientSecret: 'guess' }, 'HTTP 401, invalid_client'],
  ['an unknown client', { clientId: 'nobody' }, 'HTTP 401, invalid_client'],
  [
    'a wrong secret in the form of 旭宇’s document',
    { tokenForm: 'multipart', clientSecret: 'guess' },
    'HTTP 400, invalid_request (only application/x-www-form-urlencoded content-type bodies are supported on POST /connect/token); as urlencoded: HTTP 401, invalid_client',
  ],
])('%s is refused with an error code', async (_, change, message) => {
  await expect(createClient(change)()).rejects.toThrow(message);
});
