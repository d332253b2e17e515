import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { startPostgres, type TemporaryPostgres } from '../../config/postgres';

/** A database for one test. */
export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A server for this file, if the test command has not started one for all. */
let ownServer: Promise<TemporaryPostgres> | undefined;
let inUse = 0;
let testsAreOver = false;

afterAll(async () => {
  testsAreOver = true;
  await stopIfUnused();
});

/** A test's afterAll may run after ours, so the last one to finish stops the server. */
async function stopIfUnused(): Promise<void> {
  if (!testsAreOver || inUse > 0) return;
  await (await ownServer)?.stop();
  ownServer = undefined;
}

async function administrator(): Promise<string> {
  const named = process.env.TEST_POSTGRES_URL;
  if (named !== undefined && named !== '') return named;
  ownServer ??= startPostgres();
  return (await ownServer).url;
}

/** Creates an empty database. @throws Error if PostgreSQL is neither installed nor installable */
export async function createTestDatabase(): Promise<TestDatabase> {
  inUse += 1;
  const url = await administrator();
  const name = `liuka_${randomBytes(8).toString('hex')}`;
  await runSql(url, `create database ${name}`);
  return {
    url: databaseAt(url, name),
    drop: async () => {
      await runSql(url, `drop database ${name} with (force)`);
      inUse -= 1;
      await stopIfUnused();
    },
  };
}

/** The address of another database of the same server. */
export function databaseAt(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

/** Runs statements on a connection of their own. */
export async function runSql(
  url: string,
  statement: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement, values);
    return rows;
  } finally {
    await client.end();
  }
}
