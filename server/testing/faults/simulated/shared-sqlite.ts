import SqliteDatabase from 'better-sqlite3';
import {
  type CompiledQuery,
  CompiledQuery as Query,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteDialect,
  SqliteIntrospector,
} from 'kysely';
import { migrate } from '../../../store/migrate';
import type { Database } from '../../../store/schema';
import { createQueryCache } from './query-cache';
import { never, type Process } from './process';
import type { SharedStore } from './shared-store';
import { executeWithFault, faultOfBegin, type StoreFault } from './store-faults';
import { ReusableSqlCompiler } from './sqlite-compiler';
import { createRunner } from './sqlite-runner';

/** An in-memory SQLite that simulated processes share: one connection, one transaction at a time. */
export interface SharedSqlite extends SharedStore {
  /** Synchronous: no other process is involved. */
  close(): void;
}

/** The lock of the one connection. Dead processes lose it, or their place in the queue. */
function createConnectionLock(onHolderDied: () => void) {
  let holder: Process | undefined;
  const waiting: { process: Process; go: () => void }[] = [];

  function next(): void {
    holder = undefined;
    for (let first = waiting.shift(); first; first = waiting.shift()) {
      if (!first.process.isAlive()) continue;
      holder = first.process;
      first.go();
      return;
    }
  }

  return {
    acquire: async (process: Process): Promise<void> => {
      if (!process.isAlive()) await never();
      if (!holder) {
        holder = process;
        return;
      }
      await new Promise<void>((resolve) => {
        waiting.push({ process, go: resolve });
      });
    },
    release: next,
    releaseHeldBy: (process: Process) => {
      if (holder !== process) return;
      onHolderDied();
      next();
    },
    reset: () => {
      holder = undefined;
      waiting.length = 0;
    },
  };
}

const [BEGIN, COMMIT, ROLLBACK] = ['begin', 'commit', 'rollback'].map((sql) => Query.raw(sql)) as [
  CompiledQuery,
  CompiledQuery,
  CompiledQuery,
];

async function execute(connection: DatabaseConnection, query: CompiledQuery): Promise<void> {
  await connection.executeQuery(query);
}

function openDatabase(): SqliteDatabase.Database {
  const database = new SqliteDatabase(':memory:');
  database.pragma('foreign_keys = on');
  // Temporary tables (of a CTE, of RETURNING) would be files otherwise.
  database.pragma('temp_store = memory');
  return database;
}

export async function openSharedSqlite(): Promise<SharedSqlite> {
  const database = openDatabase();
  const observerStore = new Kysely<Database>({ dialect: new SqliteDialect({ database }) });
  await migrate(observerStore);
  const run = createRunner(database);
  const { cache: remember, forget } = createQueryCache();
  let jobListeners: (() => void)[] = [];
  const connectionLock = createConnectionLock(rollBack);

  function rollBack(): void {
    if (database.inTransaction) run(ROLLBACK);
    forget();
  }

  function cachedCount(table: string, sql: string): () => Promise<number | null> {
    const statement = database.prepare<[], number | null>(sql).pluck();
    return remember(table, () => Promise.resolve(statement.get() ?? null));
  }

  function runAndInvalidate<Row>(query: CompiledQuery): QueryResult<Row> {
    const { result, names } = run<Row>(query);
    forget(names);
    if (names.has('jobs')) for (const listener of jobListeners) listener();
    return result;
  }

  function driverFor(process: Process, injectedFault: () => StoreFault | undefined): Driver {
    /**
     * The check and the statement must be one step: another step of the process could kill it in between, and
     * a statement after the rollback of its transaction would run outside of any.
     */
    async function send<Answer>(injectedFault: StoreFault | undefined, statement: () => Answer) {
      if (!process.isAlive()) return never<Answer>();
      return executeWithFault(injectedFault, () => Promise.resolve(statement()));
    }

    const connection: DatabaseConnection = {
      executeQuery: async <Row>(query: CompiledQuery): Promise<QueryResult<Row>> => {
        await process.stepWithin();
        return send(injectedFault(), () => runAndInvalidate<Row>(query));
      },
      streamQuery: () => {
        throw new Error('the simulated store does not stream');
      },
    };
    return {
      init: () => Promise.resolve(),
      acquireConnection: async () => {
        await process.step();
        await connectionLock.acquire(process);
        return connection;
      },
      beginTransaction: async () => {
        await process.stepWithin();
        await send(faultOfBegin(injectedFault()), () => runAndInvalidate(BEGIN));
      },
      commitTransaction: (used) => execute(used, COMMIT),
      // A store that is down has rolled back already; one whose response to a COMMIT was lost may have too.
      rollbackTransaction: async () => {
        await process.stepWithin();
        await send(undefined, rollBack);
      },
      releaseConnection: () => {
        connectionLock.release();
        return Promise.resolve();
      },
      destroy: () => Promise.resolve(),
    };
  }

  // In reverse order of creation, so that referring rows are deleted first.
  const deleteStatements = database
    .prepare<[], string>("select name from sqlite_master where type = 'table' order by rowid desc")
    .pluck()
    .all()
    .filter((name) => !/^(sqlite|kysely)_/.test(name))
    .map((name) => Query.raw(`delete from "${name}"`));
  const lease = database
    .prepare<[string, string], string | null>(
      'select lease_token from jobs where kind = ? and subject_id = ?',
    )
    .pluck();
  const earliest = cachedCount(
    'jobs',
    'select min(max(run_at, coalesce(lease_until, 0))) from jobs',
  );
  const unfinished = cachedCount(
    'jobs',
    "select count(*) from jobs where kind <> 'reconciliation'",
  );
  const captures = cachedCount('captures', 'select count(*) from captures');

  return {
    observerStore,
    openFor: (process, injectedFault = () => undefined) => {
      process.onDeath(() => connectionLock.releaseHeldBy(process));
      const dialect: Dialect = {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => driverFor(process, injectedFault),
        createIntrospector: (db) => new SqliteIntrospector(db),
        createQueryCompiler: () => new ReusableSqlCompiler(),
      };
      return new Kysely<Database>({ dialect });
    },
    nextDue: earliest,
    leaseOf: (kind, subjectId) => Promise.resolve(lease.get(kind, subjectId)),
    isIdle: async () => (await unfinished()) === 0,
    countCaptures: async () => (await captures()) ?? 0,
    onJobsChanged: (listener) => jobListeners.push(listener),
    inFlight: () => undefined,
    empty: () => {
      jobListeners = [];
      connectionLock.reset();
      rollBack();
      for (const query of [BEGIN, ...deleteStatements, COMMIT]) run(query);
      return Promise.resolve();
    },
    close: () => database.close(),
  };
}
