import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely';
import { Pool, TypeOverrides, types } from 'pg';
import { describeDatabase } from './database-url';
import { createPostgresDriver } from './postgres-driver';
import type { Database } from './schema';
import type { Store } from './store';
import { StoreError } from './store';

/** Connections of one process; PostgreSQL allows 100 by default, for all processes together. */
const MAX_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 3_000;
/** The server gives a statement up before we do, so that its connection stays usable. */
const STATEMENT_TIMEOUT_MS = 10_000;
const QUERY_TIMEOUT_MS = 15_000;

/** The name under which PostgreSQL shows a running BFF, and its tools. */
export const BFF_NAME = 'liuka';
const TOOL_NAME = 'liuka-tool';

interface PostgresOptions {
  /** Tools read and write whole tables: their statements are given all the time they need. */
  tool?: boolean;
  /** How many connections there are at the most. */
  maxConnections?: number;
  /** Told when an idle connection breaks, as all do when PostgreSQL restarts. */
  warn: (message: string) => void;
}

/**
 * Opens a pool of connections; none is made before the first statement.
 * A restart of PostgreSQL ends statements, never the process.
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

/** The connections behind `openPostgres`, for who puts something of their own before its driver. */
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
  // The pool listens to idle connections only; one that breaks in the middle of a transaction, between
  // two statements, would end the process. Its next statement finds out.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/**
 * How this pool reads whole numbers: BIGINT, and NUMERIC, which is what PostgreSQL's sum of BIGINTs is.
 * pg's own parsers are global, and give texts for both.
 */
function integerParsers(): TypeOverrides {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(types.builtins.INT8, parseInteger);
  overrides.setTypeParser(types.builtins.NUMERIC, parseInteger);
  return overrides;
}

/** @throws RangeError for what a number cannot hold exactly */
function parseInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError('a number of the store is not a safe integer');
  return value;
}

/** Settings (PostgreSQL manual, 20.5) without which what was committed may be lost by a power cut. */
const DURABILITY_SETTINGS = ['fsync', 'synchronous_commit', 'full_page_writes'] as const;

/**
 * What of PostgreSQL's durability is switched off for our sessions: `name=off`, empty if nothing.
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
