import {
  CompiledQuery as Query,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { Pool } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate } from '../../../store/migrate';
import { openPool, openPostgres } from '../../../store/postgres';
import { createPostgresDriver } from '../../../store/postgres-driver';
import type { Database } from '../../../store/schema';
import type { Store } from '../../../store/store';
import { createQueryCache } from './query-cache';
import { openSession, type Session, type SessionParts } from './postgres-session';
import type { SharedStore } from './shared-store';
import { createStatementQueue } from './statement-queue';

/** More than all simulated processes use at once: a BFF runs 16 jobs beside its requests. */
const MAX_CONNECTIONS = 80;

const OPTIONS = { tool: true, warn: () => undefined };

/**
 * Counts the statements that wait, directly or through others, for one of our transactions that is not
 * waiting itself. Deadlocks are left out: PostgreSQL ends them soon by itself.
 */
const WAITING = `
  with recursive
    ours as (
      select pid from pg_stat_activity
      where datname = current_database() and backend_type = 'client backend'),
    waits as (select pid, unnest(pg_blocking_pids(pid)) as blocker from ours),
    stuck as (
      select waits.pid from waits join ours on ours.pid = blocker
      where blocker not in (select pid from waits)
      union
      select waits.pid from waits join stuck on stuck.pid = blocker)
  select count(*) as waiting from stuck`;

/** Tables in reverse order of creation, so that referring rows are deleted first. */
const TABLES = `
  select relname as name from pg_class
  where relkind = 'r' and relnamespace = current_schema()::regnamespace
    and relname not like 'kysely%' order by oid desc`;

/** How soon PostgreSQL checks for deadlocks; its default is a second. */
const DEADLOCK_TIMEOUT = `
  do $$ begin execute format('alter database %I set deadlock_timeout = ''5ms''', current_database()); end $$`;

/** A process that is never killed or delayed. */
const unrestrictedProcess: SessionParts['process'] = {
  isAlive: () => true,
  step: () => Promise.resolve(),
  stepWithin: () => Promise.resolve(),
};

/**
 * A PostgreSQL database that simulated processes share, behind the real driver. Transactions of several
 * processes are open at the same time and wait for each other's locks, while their statements reach the
 * server one by one. So every interleaving of statements can occur, at the real isolation level. What cannot
 * occur is two statements executing at the same moment, or a server that crashes: `--real` covers those.
 *
 * A dead process's transactions are rolled back before time advances. A statement of it that waits for a lock
 * is still executed when it gets the lock, as on a server that has not noticed the death.
 * @param url a database of its own: all rows in it are deleted
 * @throws StoreError if it cannot be used
 */
export async function openSharedPostgres(url: string): Promise<SharedStore> {
  await prepare(openPostgres(url, OPTIONS));
  const pool = openPool(url, { ...OPTIONS, maxConnections: MAX_CONNECTIONS });
  const inner = createPostgresDriver(pool);
  const statementQueue = createStatementQueue(async () =>
    Number((await firstRow(pool, WAITING))?.waiting),
  );
  const { cache: remember, forget } = createQueryCache();
  const deleteStatements = await buildDeleteStatements(pool);
  let jobListeners: (() => void)[] = [];
  let sessions: Session[] = [];

  function onNames(names: ReadonlySet<string>): void {
    forget(names);
    if (names.has('jobs')) for (const listener of jobListeners) listener();
  }

  function open(
    process: SessionParts['process'],
    injectedFault: SessionParts['injectedFault'] = () => undefined,
  ): Session {
    return openSession({
      process,
      inner,
      statementQueue,
      injectedFault,
      onNames,
      onRollback: forget,
    });
  }

  const observerStore = build(open(unrestrictedProcess).driver);

  async function answer<Answer>(sql: string, parameters: unknown[] = []) {
    const { rows } = await observerStore.executeQuery<{ answer: Answer }>(
      Query.raw(sql, parameters),
    );
    return rows[0]?.answer;
  }

  function cachedCount(table: string, sql: string): () => Promise<number | null> {
    return remember(table, async () => (await answer<number | null>(sql)) ?? null);
  }

  const unfinished = cachedCount(
    'jobs',
    "select count(*) as answer from jobs where kind <> 'reconciliation'",
  );
  const captures = cachedCount('captures', 'select count(*) as answer from captures');

  async function endAll(): Promise<void> {
    for (const session of sessions) session.end();
    while (statementQueue.inFlight() || sessions.some((session) => session.hasOpen())) {
      await (statementQueue.inFlight() ?? sleep(1));
    }
    sessions = [];
  }

  return {
    observerStore,
    openFor: (process, injectedFault) => {
      const session = open(process, injectedFault);
      sessions.push(session);
      process.onDeath(session.end);
      return build(session.driver);
    },
    nextDue: cachedCount(
      'jobs',
      'select min(greatest(run_at, coalesce(lease_until, 0))) as answer from jobs',
    ),
    leaseOf: (kind, subjectId) =>
      answer<string | null>(
        'select lease_token as answer from jobs where kind = $1 and subject_id = $2',
        [kind, subjectId],
      ),
    isIdle: async () => (await unfinished()) === 0,
    countCaptures: async () => (await captures()) ?? 0,
    onJobsChanged: (listener) => jobListeners.push(listener),
    inFlight: statementQueue.inFlight,
    empty: async () => {
      jobListeners = [];
      await endAll();
      await pool.query(deleteStatements);
      forget();
    },
    close: async () => {
      await endAll();
      await pool.end();
    },
  };
}

async function prepare(store: Store): Promise<void> {
  try {
    await migrate(store);
    await store.executeQuery(Query.raw(DEADLOCK_TIMEOUT));
  } finally {
    await store.destroy();
  }
}

async function firstRow(pool: Pool, sql: string): Promise<Record<string, unknown> | undefined> {
  const { rows } = await pool.query<Record<string, unknown>>(sql);
  return rows[0];
}

/** Deletes instead of truncating: for the few rows of a schedule that is about 50 times faster. */
async function buildDeleteStatements(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ name: string }>(TABLES);
  return rows.map(({ name }) => `delete from "${name}"`).join('; ');
}

function build(driver: Driver): Store {
  return new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}
