import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, chownSync, constants, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { installDebianPackages } from './debian';

/** A temporary PostgreSQL that ends with the process that started it. */
export interface TemporaryPostgres {
  /** Address of its administrator, on the database `postgres`. */
  url: string;
  /** Stops it as an operator would, closing every connection, and starts it again; or starts it if it is down. */
  restart(): Promise<void>;
  /**
   * Ends it as a crash would: nothing is finished or flushed, and it has to recover from its log
   * (PostgreSQL manual 19.5, immediate shutdown). It stays down until `restart`.
   */
  kill(): Promise<void>;
  /** Ends it for good and removes its data. */
  stop(): Promise<void>;
}

const DEBIAN = '/usr/lib/postgresql';
const START_TIMEOUT_MS = 60_000;
/** Reached by TCP on this machine alone; enough connections for several test files at once. */
const DEFAULT_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
};
/** PostgreSQL refuses to run as root; the first of these that exists does. */
const UNPRIVILEGED_USERS = ['postgres', 'nobody'];

/** The folder of PostgreSQL's programs (initdb, postgres); undefined if it is not installed. */
function findPostgres(): string | undefined {
  const path = (process.env.PATH ?? '').split(delimiter);
  const debian = existsSync(DEBIAN)
    ? readdirSync(DEBIAN)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(DEBIAN, version, 'bin'))
    : [];
  const folders = [...debian, ...path, '/usr/local/bin', '/usr/local/pgsql/bin'];
  return folders.find((folder) =>
    ['initdb', 'postgres'].every((name) => isExecutable(join(folder, name))),
  );
}

/**
 * The folder of PostgreSQL's programs; installs Debian's package if there is none.
 *
 * @throws Error saying what to do where it can't be installed.
 */
export function ensurePostgres(): string {
  const found = findPostgres();
  if (found !== undefined) return found;
  console.log('No PostgreSQL found: installing Debian’s (apt-get install postgresql).');
  installDebianPackages(['postgresql'], installHint);
  const installed = findPostgres();
  if (installed === undefined) throw new Error(installHint('apt-get left no PostgreSQL behind'));
  return installed;
}

function installHint(reason: string): string {
  return (
    `The tests of the store need PostgreSQL 13 or newer and it can't be installed here (${reason}). ` +
    'Install postgresql, or put initdb and postgres on the PATH.'
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts a PostgreSQL with its own data and port; the system's own is not touched.
 * @param settings PostgreSQL's, for instance `{ fsync: 'off' }`; it is durable without them
 */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<TemporaryPostgres> {
  const bin = ensurePostgres();
  const folder = mkdtempSync(join(tmpdir(), 'liuka-postgres-'));
  const data = join(folder, 'data');
  const password = randomBytes(12).toString('hex');
  const user = unprivilegedUser();
  initCluster({ bin, folder, data, password, user });
  const port = await freePort();
  const url = `postgres://postgres:${password}@127.0.0.1:${String(port)}/postgres`;
  const options = Object.entries({ ...DEFAULT_SETTINGS, ...settings, port: String(port) }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  );
  let server = await run();

  async function run(): Promise<ChildProcess> {
    const started = launch(join(bin, 'postgres'), ['-D', data, ...options], user);
    await waitUntilReady(started, url);
    return started;
  }

  async function end(signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, 'exit');
    server.kill(signal);
    await exit;
  }

  return {
    url,
    restart: async () => {
      await end('SIGINT');
      server = await run();
    },
    kill: () => end('SIGQUIT'),
    stop: async () => {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface UnixUser {
  uid: number;
  gid: number;
}

/** The user PostgreSQL runs as when we are root; undefined: our own. */
function unprivilegedUser(): UnixUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of UNPRIVILEGED_USERS) {
    const [uid, gid] = ['-u', '-g'].map((option) => {
      const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' });
      return status === 0 ? Number(stdout) : undefined;
    });
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody');
}

function initCluster(parts: {
  bin: string;
  folder: string;
  data: string;
  password: string;
  user: UnixUser | undefined;
}): void {
  const { bin, folder, data, password, user } = parts;
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid);
  const { status, stderr } = spawnSync(
    join(bin, 'initdb'),
    [
      '-D',
      data,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      // The cluster is empty: syncing it before it starts would only take time.
      '--no-sync',
    ],
    { encoding: 'utf8', cwd: folder, ...user },
  );
  if (status !== 0) throw new Error(`initdb failed: ${stderr}`);
}

/** On Linux it ends whenever we end: a killed test run must leave nothing behind. */
function launch(
  command: string,
  args: readonly string[],
  user: UnixUser | undefined,
): ChildProcess {
  const { status } = spawnSync('setpriv', ['--pdeathsig', 'keep', 'true'], { stdio: 'ignore' });
  const launchCommand = status === 0 ? ['setpriv', '--pdeathsig', 'INT', command] : [command];
  const [first = command, ...rest] = [...launchCommand, ...args];
  return spawn(first, rest, { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/', ...user });
}

/** Waits until it takes connections. @throws Error with its log if it ends or takes too long */
async function waitUntilReady(server: ChildProcess, url: string): Promise<void> {
  let log = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4_000);
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (server.exitCode === null && Date.now() < deadline) {
    if (await acceptsConnections(url)) return;
    await sleep(50);
  }
  server.kill('SIGKILL');
  throw new Error(`PostgreSQL did not start:\n${log}`);
}

async function acceptsConnections(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
