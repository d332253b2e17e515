import assert from 'node:assert/strict';
import { Agent } from 'undici';
import type { StaffRole } from '@shared/contract';
import { startServer } from '../server';
import { openForTool } from '../store/open-store';
import type { Dialect } from '../store/store';
import { addStaff } from '../accounts/staff-accounts';
import { createApiClient, type ApiClient } from './api-client';
import type { HttpResponse } from './contract-check';
import type { SandboxControls } from './sandbox-controls';
import { startSandboxPlatforms } from './sandbox-platforms';
import { accessStore } from './store-access';
import { createTestStore } from './test-stores';
import type { PlatformProxy } from './platform-proxy';

export { eventually } from './eventually';

export const STAFF_PASSWORD = 'correct horse battery staple';
/** The key of the internal routes (INTERNAL_KEY). */
export const INTERNAL_KEY = 'the-key-of-the-servers-beside-us-4f2a';

/** A BFF and the sandbox, with one clock that tests can advance. */
export interface Stack {
  sandbox: SandboxControls;
  platformProxy: PlatformProxy;
  /** The settings by which a BFF connects to the sandbox, with its credentials. */
  settings: Readonly<Record<string, string>>;
  /** The settings of this BFF: those of the sandbox through the proxy, and those of the test. */
  environment: Readonly<Record<string, string>>;
  /** The origin of the BFF. */
  origin(): string;
  databaseUrl: string;
  /** A client without a session. */
  anyone: ApiClient;
  withToken(token: string | undefined): ApiClient;
  signIn(user?: string): Promise<Customer>;
  /** Adds a staff account and signs in. */
  signInStaff(username: string, role?: StaffRole): Promise<ApiClient>;
  /** The time of BFF and platforms, epoch ms. */
  now(): number;
  /** Advances that time, in ms. */
  advanceClock(milliseconds: number): Promise<void>;
  /** Runs a query on the store; `?` are parameters. */
  rows(query: string, ...values: unknown[]): Record<string, unknown>[];
  /** Runs a statement on the store, for states that the API cannot reach. */
  write(statement: string, ...values: unknown[]): void;
  /** Stops the BFF only. */
  stopServer(): Promise<void>;
  /** Starts it again on the same store and port. @param changes settings for this start */
  startServer(changes?: Readonly<Record<string, string>>): Promise<void>;
  /** Stops everything, and asserts that no response contained a secret. */
  close(): Promise<void>;
}

export interface Customer extends ApiClient {
  userId: string;
}

interface StackOptions {
  /** Settings over those of the sandbox. */
  env?: Readonly<Record<string, string>>;
  /** LIUKA_TEST_STORE, else SQLite, unless given. */
  store?: Dialect;
}

/** All tests of the API can run on either store. */
function defaultDialect(): Dialect {
  return process.env.LIUKA_TEST_STORE === 'postgres' ? 'postgres' : 'sqlite';
}

const SECRET_SETTINGS = [
  'SHINGSOU_CLIENT_SECRET',
  'SHINGSOU_SUBSCRIPTION_KEY',
  'WECHAT_APP_SECRET',
  'WECHATPAY_API_V3_KEY',
  'WECHATPAY_PRIVATE_KEY',
  'DAKASHI_CLIENT_SECRET',
] as const;

/** @returns the responses that contain a secret */
function findLeaks(answers: readonly string[], secrets: readonly string[]): string[] {
  return answers.filter((text) => secrets.some((secret) => text.includes(secret)));
}

export async function startStack({
  env = {},
  store: dialect = defaultDialect(),
}: StackOptions = {}): Promise<Stack> {
  const { databaseUrl, remove } = await createTestStore(dialect);
  const { rows, write } = accessStore(databaseUrl);
  const platforms = await startSandboxPlatforms('server-tests');
  const { controls, platformProxy, settings, now, advanceClock } = platforms;
  const environment = {
    ...settings,
    SHINGSOU_API_URL: platformProxy.url,
    SHINGSOU_IDS_URL: platformProxy.url,
    WECHAT_API_URL: platformProxy.url,
    WECHATPAY_URL: platformProxy.url,
    DAKASHI_URL: platformProxy.url,
    LOG_LEVEL: 'silent',
    DATABASE_URL: databaseUrl,
    INTERNAL_KEY,
    ...env,
  };
  let server = await startServer({ ...environment, PORT: '0' }, { clock: now });
  const { port } = new URL(server.url);
  let connections = new Agent();
  const answers: string[] = [];
  const tokens = new Set<string>();
  const address = { origin: () => server.url, dispatcher: () => connections };

  function withToken(token: string | undefined): ApiClient {
    const onResponse = ({ headers, text }: HttpResponse) =>
      answers.push(`${text}\n${JSON.stringify([...headers.entries()])}`);
    return createApiClient({ ...address, token, onResponse });
  }
  const anyone = withToken(undefined);
  /** Signs in without recording the response, the only one that may contain a token. */
  const signInClient = createApiClient({
    ...address,
    token: undefined,
    onResponse: () => undefined,
  });

  function secrets(): string[] {
    const openids = rows('select openid from users').map(({ openid }) => String(openid));
    const ours = SECRET_SETTINGS.map((name) => settings[name] ?? '');
    // Of a PEM, one line from the middle: a response could contain only a part of it.
    const lines = ours.map((value) => value.split('\n').at(2) ?? value);
    const words = ['session_key', 'openid'];
    return [...openids, ...tokens, ...lines, ...words].filter((secret) => secret !== '');
  }

  return {
    sandbox: controls,
    platformProxy,
    settings,
    environment,
    origin: () => server.url,
    databaseUrl,
    anyone,
    withToken,
    now,
    rows,
    write,
    signIn: async (user = 'customer') => {
      const code = await controls.loginCode(user);
      const { token, user: signedIn } = await signInClient.ok('POST /sessions', { body: { code } });
      tokens.add(token);
      return { ...withToken(token), userId: signedIn.id };
    },
    signInStaff: async (username, role = 'agent') => {
      const { store, close } = openForTool(databaseUrl);
      await addStaff(store, { username, password: STAFF_PASSWORD, role, now: now() });
      await close();
      const body = { username, password: STAFF_PASSWORD };
      const { token } = await signInClient.ok('POST /support/sessions', { body });
      tokens.add(token);
      return withToken(token);
    },
    advanceClock,
    stopServer: async () => {
      await server.close();
      // Stale connections must not be reused when it listens on the same port again.
      await connections.close();
      connections = new Agent();
    },
    startServer: async (changes = {}) => {
      server = await startServer({ ...environment, ...changes, PORT: port }, { clock: now });
    },
    close: async () => {
      await connections.close();
      await server.close();
      await platforms.close();
      const leaks = findLeaks(answers, secrets());
      await remove();
      assert.deepEqual(leaks, [], 'responses contained secrets');
    },
  };
}
