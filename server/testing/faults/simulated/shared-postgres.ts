import type { Driver } from 'kysely';
import {
  CompiledQuery as Query,
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
import type { Session, SessionParts } from './postgres-session';
import { openSession } from './postgres-session';
import type { SharedStore } from './shared-store';
import { createStatementQueue } from './statement-queue';

/** More than all simulated processes use at once: a BFF runs 16 jobs beside its requests. */
const MOST_CONNECTIONS = 80;

const OPTIONS = { tool: true, warn: () => undefined };

/**
 * Statements that wait, if by way of others, for a transaction of ours that does not wait itself. Those that
 * wait for each other are told so soon, and what PostgreSQL does of itself takes no time.
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

/** What refers to other rows was created after them, and goes before them. */
const TABLES = `
  select relname as name from pg_class
  where relkind = 'r' and relnamespace = current_schema()::regnamespace
    and relname not like 'kysely%' order by oid desc`;

/** So soon PostgreSQL looks whether transactions wait for each other; a second is its default. */
const DEADLOCK_TIMEOUT = `
  do $$ begin execute format('alter database %I set deadlock_timeout = ''5ms''', current_database()); end $$`;

/** Whom nothing stops. */
const unrestrictedProcess: SessionParts['process'] = {
  isAlive: () => true,
  step: () => Promise.resolve(),
  stepWithin: () => Promise.resolve(),
};

/**
 * A PostgreSQL database that simulated processes share, behind the product's own driver. Transactions of
 * several processes, and several of one, are open at the same time and wait for each other's locks, while
 * their statements reach the server one by one. So this shows what statements can do in whatever order
 * they come, on the isolation level of the product. What it does not show is two of them being executed at
 * the very same moment, and a server that goes away: real processes do (`--real`).
 *
 * What a dead process has open is rolled back before time goes on, as by a server that has noticed; a
 * statement of it that waits for a lock is still done when it gets it.
 * @param url a database for this alone: whatever is in it is deleted
 * @throws StoreError if it cannot be used
 */
export async function openSharedPostgres(url: string): Promise<SharedStore> {
  await prepare(openPostgres(url, OPTIONS));
  const pool = openPool(url, { ...OPTIONS, maxConnections: MOST_CONNECTIONS });
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

/** Deleting the few rows of a schedule takes a fiftieth of what truncating every table does. */
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
