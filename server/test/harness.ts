import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { Agent } from 'undici';
import { startOfBeijingMonth } from '@shared/beijing-time';
import type { StaffRole } from '@shared/contract';
import { createSandbox } from '../sandbox/create-sandbox';
import { startServer } from '../server';
import { openSqlite } from '../store/sqlite';
import { addStaff } from '../support/staff-accounts';
import { createCaller, type Caller } from './caller';
import type { Answer } from './conformance';
import { createSandboxControls, type SandboxControls } from './sandbox-controls';
import { layWire, type Wire } from './wire';

export const STAFF_PASSWORD = 'correct horse battery staple';

/** The BFF and the simulated platforms, as they run together, with one clock that tests move. */
export interface Stack {
  sandbox: SandboxControls;
  wire: Wire;
  /** Where the BFF answers. */
  origin(): string;
  databaseFile: string;
  /** Calls as nobody. */
  anyone: Caller;
  as(token: string | undefined): Caller;
  signIn(user?: string): Promise<Customer>;
  /** Adds a member of the staff and signs in. */
  signInStaff(username: string, role?: StaffRole): Promise<Caller>;
  /** The time in which the BFF and the platforms live, epoch ms. */
  now(): number;
  /** Moves that time, by milliseconds. */
  moveClock(milliseconds: number): Promise<void>;
  /** Reads rows of the store as they stand in the file. */
  rows(query: string, ...values: unknown[]): Record<string, unknown>[];
  /** Changes the store behind the BFF's back, for what no way through it leads to. */
  write(statement: string, ...values: unknown[]): void;
  /** Stops the BFF alone. */
  stopServer(): Promise<void>;
  /** Starts it again, on the same store and address. */
  startServer(): Promise<void>;
  /** Stops everything, after a look whether any answer told what must stay here. */
  close(): Promise<void>;
}

export interface Customer extends Caller {
  userId: string;
}

interface StackOptions {
  /** Settings over those of the sandbox. */
  env?: Readonly<Record<string, string>>;
}

/** Waits until `look` finds something. @throws Error naming what was waited for. */
export async function eventually<Found>(
  what: string,
  look: () => Promise<Found | undefined | false> | Found | undefined | false,
  patienceMs = 8_000,
): Promise<Found> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await sleep(40);
  }
}

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

export async function startStack({ env = {} }: StackOptions = {}): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'liuka-server-test-'));
  const databaseFile = join(folder, 'liuka.db');
  const clock = midMonthClock();
  const sandbox = createSandbox({ seed: 'server-tests', clock });
  const { url: sandboxUrl } = await sandbox.listen(0);
  const settings = sandbox.settings();
  const wire = await layWire(sandboxUrl);
  const controls = createSandboxControls(sandboxUrl);
  let offset = 0;
  const now = () => clock() + offset;
  const environment = {
    ...settings,
    SHINGSOU_API_URL: wire.url,
    SHINGSOU_IDS_URL: wire.url,
    LOG_LEVEL: 'silent',
    DATABASE_URL: `sqlite:${databaseFile}`,
    ...env,
  };
  let server = await startServer({ ...environment, PORT: '0' }, { clock: now });
  const { port } = new URL(server.url);
  let connections = new Agent();
  const answers: string[] = [];
  const tokens = new Set<string>();
  const address = { origin: () => server.url, dispatcher: () => connections };

  function as(token: string | undefined): Caller {
    const onAnswer = ({ headers, text }: Answer) =>
      answers.push(`${text}\n${JSON.stringify([...headers.entries()])}`);
    return createCaller({ ...address, token, onAnswer });
  }
  const anyone = as(undefined);
  /** Signs in outside the record of answers: the one answer that does carry a token. */
  const signingIn = createCaller({ ...address, token: undefined, onAnswer: () => undefined });

  function rows(query: string, ...values: unknown[]): Record<string, unknown>[] {
    const reader = new SqliteDatabase(databaseFile, { readonly: true });
    try {
      return reader.prepare(query).all(...values) as Record<string, unknown>[];
    } finally {
      reader.close();
    }
  }

  function write(statement: string, ...values: unknown[]): void {
    const writer = new SqliteDatabase(databaseFile, { timeout: 5_000 });
    try {
      writer.prepare(statement).run(...values);
    } finally {
      writer.close();
    }
  }

  function secrets(): string[] {
    const openids = rows('select openid from users').map(({ openid }) => String(openid));
    const { SHINGSOU_CLIENT_SECRET = '', SHINGSOU_SUBSCRIPTION_KEY = '' } = settings;
    const ours = [SHINGSOU_CLIENT_SECRET, SHINGSOU_SUBSCRIPTION_KEY, 'session_key', 'openid'];
    return [...openids, ...tokens, ...ours].filter((secret) => secret !== '');
  }

  return {
    sandbox: controls,
    wire,
    origin: () => server.url,
    databaseFile,
    anyone,
    as,
    now,
    rows,
    write,
    signIn: async (user = 'customer') => {
      const code = await controls.loginCode(user);
      const { token, user: signedIn } = await signingIn.ok('POST /sessions', { body: { code } });
      tokens.add(token);
      return { ...as(token), userId: signedIn.id };
    },
    signInStaff: async (username, role = 'agent') => {
      const store = openSqlite(databaseFile);
      await addStaff(store, { username, password: STAFF_PASSWORD, role, now: now() });
      await store.destroy();
      const body = { username, password: STAFF_PASSWORD };
      const { token } = await signingIn.ok('POST /support/sessions', { body });
      tokens.add(token);
      return as(token);
    },
    moveClock: async (milliseconds) => {
      offset += milliseconds;
      await controls.moveTo(now());
    },
    stopServer: async () => {
      await server.close();
      // What it left of its connections must not be tried when it is back on the same port.
      await connections.close();
      connections = new Agent();
    },
    startServer: async () => {
      server = await startServer({ ...environment, PORT: port }, { clock: now });
    },
    close: async () => {
      await connections.close();
      await server.close();
      await wire.close();
      await sandbox.close();
      const leaks = findLeaks(answers, secrets());
      rmSync(folder, { recursive: true, force: true });
      assert.deepEqual(leaks, [], 'answers told what must stay on the server');
    },
  };
}
