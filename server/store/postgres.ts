import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely';
import { Pool, TypeOverrides, types } from 'pg';
import { describeDatabase } from './database-url';
import { createPostgresDriver } from './postgres-driver';
import type { Database } from './schema';
import { type Store, StoreError } from './store';

/** Connections of one process; PostgreSQL allows 100 in total by default. */
const MAX_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 3_000;
/** The server's timeout is below the client's, so that the connection stays usable. */
const STATEMENT_TIMEOUT_MS = 10_000;
const QUERY_TIMEOUT_MS = 15_000;

/** The application_name of a running BFF. */
export const BFF_NAME = 'liuka';
const TOOL_NAME = 'liuka-tool';

interface PostgresOptions {
  /** For a tool: no statement timeout, because it reads and writes whole tables. */
  tool?: boolean;
  /** The maximum number of connections. */
  maxConnections?: number;
  /** Called when an idle connection breaks, as all do when PostgreSQL restarts. */
  warn: (message: string) => void;
}

/**
 * Opens a pool of connections, which connects at the first statement. A restart of PostgreSQL fails
 * statements, but never ends the process.
 */
export function openPostgres(url: string, options: PostgresOptions): Store {
  const pool = openPool(url, options);
  return new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => createPostgresDriver(pool),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

/**
 * The pool of `openPostgres`, for callers that wrap its driver.
 * @internal Exported for tests.
 */
export function openPool(
  url: string,
  { tool = false, maxConnections = MAX_CONNECTIONS, warn }: PostgresOptions,
): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: tool ? TOOL_NAME : BFF_NAME,
    max: maxConnections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: integerParsers(),
    ...(!tool && {
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: QUERY_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
    }),
  });
  pool.on('error', (error) => {
    warn(`a connection to PostgreSQL broke: ${error.message}`);
  });
  // The pool handles errors of idle connections only; one that breaks in the middle of a transaction, between
  // two statements, would end the process. Its next statement finds out.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/**
 * Parses BIGINT and NUMERIC (the type of a sum of BIGINTs) as numbers, for this pool only: pg's own parsers
 * are global and return texts.
 */
function integerParsers(): TypeOverrides {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(types.builtins.INT8, parseInteger);
  overrides.setTypeParser(types.builtins.NUMERIC, parseInteger);
  return overrides;
}

/** @throws RangeError if a number cannot represent it exactly */
function parseInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError('a number of the store is not a safe integer');
  return value;
}

/** Settings (PostgreSQL manual, 20.5) without which what was committed may be lost by a power cut. */
const DURABILITY_SETTINGS = ['fsync', 'synchronous_commit', 'full_page_writes'] as const;

/**
 * The durability settings that are off for our sessions, as `name=off`; empty if there are none.
 * @throws StoreError if the server cannot be reached
 */
export async function disabledDurabilitySettings(store: Store, url: string): Promise<string[]> {
  const settings = sql.join(
    DURABILITY_SETTINGS.map((name) => sql`current_setting(${name}) as ${sql.ref(name)}`),
  );
  const { rows } = await sql<Record<string, string>>`select ${settings}`
    .execute(store)
    .catch((error: unknown) => {
      throw new StoreError(
        `${describeDatabase(url)} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    });
  const [found = {}] = rows;
  return DURABILITY_SETTINGS.filter((name) => found[name] === 'off').map((name) => `${name}=off`);
}
