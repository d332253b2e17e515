import assert from 'node:assert/strict';
import { Agent } from 'undici';
import { startOfBeijingMonth } from '@shared/beijing-time';
import type { StaffRole } from '@shared/contract';
import { createSandbox } from '../sandbox/create-sandbox';
import { startServer } from '../server';
import { openForTool } from '../store/open-store';
import type { Dialect } from '../store/store';
import { addStaff } from '../accounts/staff-accounts';
import { createApiClient, type ApiClient } from './api-client';
import type { HttpResponse } from './contract-check';
import { createSandboxControls, type SandboxControls } from './sandbox-controls';
import { accessStore } from './store-access';
import { createTestStore } from './test-stores';
import { startPlatformProxy, type PlatformProxy } from './platform-proxy';

export { eventually } from './eventually';

export const STAFF_PASSWORD = 'correct horse battery staple';
/** What the operator's other servers prove themselves with. */
export const INTERNAL_KEY = 'the-key-of-the-servers-beside-us-4f2a';

/** The BFF and the simulated platforms, as they run together, with one clock that tests move. */
export interface Stack {
  sandbox: SandboxControls;
  platformProxy: PlatformProxy;
  /** What the sandbox hands out to connect to it; credentials among it. */
  settings: Readonly<Record<string, string>>;
  /** What the BFF is started with: that, by way of the wire, and what the test asked for. */
  environment: Readonly<Record<string, string>>;
  /** Where the BFF answers. */
  origin(): string;
  databaseUrl: string;
  /** Calls as nobody. */
  anyone: ApiClient;
  withToken(token: string | undefined): ApiClient;
  signIn(user?: string): Promise<Customer>;
  /** Adds a member of the staff and signs in. */
  signInStaff(username: string, role?: StaffRole): Promise<ApiClient>;
  /** The time in which the BFF and the platforms live, epoch ms. */
  now(): number;
  /** Moves that time, by milliseconds. */
  advanceClock(milliseconds: number): Promise<void>;
  /** Reads rows of the store as they stand in it; `?` takes the place of values. */
  rows(query: string, ...values: unknown[]): Record<string, unknown>[];
  /** Changes the store behind the BFF's back, for what no way through it leads to. */
  write(statement: string, ...values: unknown[]): void;
  /** Stops the BFF alone. */
  stopServer(): Promise<void>;
  /** Starts it again, on the same store and address, with some settings changed for this time. */
  startServer(changes?: Readonly<Record<string, string>>): Promise<void>;
  /** Stops everything, after a look whether any answer told what must stay here. */
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

/** All of these tests run on either store. */
function usualDialect(): Dialect {
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

/** Secrets of the platforms and of people, none of which may ever be in an answer. */
function findLeaks(answers: readonly string[], secrets: readonly string[]): string[] {
  return answers.filter((text) => secrets.some((secret) => text.includes(secret)));
}

/**
 * A clock that stands in the middle of this month when it starts, so that no test meets the end of one.
 * It then runs as fast as any other.
 */
export function midMonthClock(): () => number {
  const start = Date.now();
  const offset = startOfBeijingMonth(start) + 14 * 24 * 60 * 60_000 - start;
  return () => Date.now() + offset;
}

export async function startStack({
  env = {},
  store: dialect = usualDialect(),
}: StackOptions = {}): Promise<Stack> {
  const { databaseUrl, remove } = await createTestStore(dialect);
  const { rows, write } = accessStore(databaseUrl);
  const clock = midMonthClock();
  const sandbox = createSandbox({ seed: 'server-tests', clock });
  const { url: sandboxUrl } = await sandbox.listen(0);
  const settings = sandbox.settings();
  const platformProxy = await startPlatformProxy(sandboxUrl);
  const controls = createSandboxControls(sandboxUrl);
  let offset = 0;
  const now = () => clock() + offset;
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
  /** Signs in outside the record of answers: the one answer that does carry a token. */
  const signInClient = createApiClient({
    ...address,
    token: undefined,
    onResponse: () => undefined,
  });

  function secrets(): string[] {
    const openids = rows('select openid from users').map(({ openid }) => String(openid));
    const ours = SECRET_SETTINGS.map((name) => settings[name] ?? '');
    // A line from the middle of a PEM gives it away as well as the whole of it.
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
    advanceClock: async (milliseconds) => {
      offset += milliseconds;
      await controls.setClock(now());
    },
    stopServer: async () => {
      await server.close();
      // What it left of its connections must not be tried when it is back on the same port.
      await connections.close();
      connections = new Agent();
    },
    startServer: async (changes = {}) => {
      server = await startServer({ ...environment, ...changes, PORT: port }, { clock: now });
    },
    close: async () => {
      await connections.close();
      await server.close();
      await platformProxy.close();
      await sandbox.close();
      const leaks = findLeaks(answers, secrets());
      await remove();
      assert.deepEqual(leaks, [], 'answers told what must stay on the server');
    },
  };
}
