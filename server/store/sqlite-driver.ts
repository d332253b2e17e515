import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type CompiledQuery,
  CompiledQuery as Query,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import type SqliteDatabase from 'better-sqlite3';
import { StoreUnavailable } from './store';

/**
 * Result codes (sqlite.org/rescode.html) of faults that lie outside the statement: the disk is full or
 * failing, another process holds the file, memory ran out.
 */
const TRANSIENT_CODES = /^SQLITE_(FULL|IOERR|BUSY|LOCKED|CANTOPEN|NOMEM|PROTOCOL)/;

/** Kysely's dialect for SQLite, which reports transient faults as StoreUnavailable and queues writers. */
export function sqliteDialect(database: SqliteDatabase.Database): Dialect {
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => createDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/**
 * Makes Kysely run migrations in a transaction: SQLite's DDL is transactional
 * (sqlite.org/lang_transaction.html), so a process that is killed during its migrations leaves the schema
 * unchanged.
 */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** How long statements may run one after the other before the event loop gets a turn, in ms. */
const SLICE_MS = 4;

const hasPriority = new AsyncLocalStorage<true>();

/**
 * Runs a write with priority over other queued ones. Kysely does not pass options to its driver, so the
 * priority is in the asynchronous context. No effect on PostgreSQL, which has no queue.
 */
export function withPriority<Result>(write: () => Promise<Result>): Promise<Result> {
  return hasPriority.run(true, write);
}

/** The queue for the one connection. */
function createConnectionQueue() {
  const priorityQueue: (() => void)[] = [];
  const normalQueue: (() => void)[] = [];
  let isAcquired = false;
  let sliceStartedAt = 0;

  function next(): void {
    const start = priorityQueue.shift() ?? normalQueue.shift();
    if (start) start();
    else isAcquired = false;
  }

  function nextSlice(): void {
    sliceStartedAt = performance.now();
    next();
  }

  return {
    acquire: async () => {
      if (!isAcquired) {
        isAcquired = true;
        return;
      }
      const waiting = hasPriority.getStore() ? priorityQueue : normalQueue;
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
    release: () => {
      // Statements are synchronous: many small writes in a row would hold up every request.
      if (performance.now() - sliceStartedAt < SLICE_MS) next();
      else setImmediate(nextSlice);
    },
  };
}

/** A driver with one connection, which its users get one after the other. */
function createDriver(database: SqliteDatabase.Database): Driver {
  const connection = createConnection(database);
  const queue = createConnectionQueue();
  return {
    init: () => Promise.resolve(),
    acquireConnection: async () => {
      await queue.acquire();
      return connection;
    },
    beginTransaction: begin,
    commitTransaction: (used) => execute(used, COMMIT),
    rollbackTransaction: async (used) => {
      // A full disk rolls the transaction back by itself; the caller must see the original error.
      if (database.inTransaction) await execute(used, ROLLBACK);
    },
    releaseConnection: () => {
      queue.release();
      return Promise.resolve();
    },
    destroy: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

const COMMIT = Query.raw('commit');
const ROLLBACK = Query.raw('rollback');

async function execute(connection: DatabaseConnection, query: CompiledQuery): Promise<void> {
  await connection.executeQuery(query);
}

function createConnection(database: SqliteDatabase.Database): DatabaseConnection {
  const prepare = createStatements(database);

  function run<Row>({ sql, parameters }: CompiledQuery): QueryResult<Row> {
    const statement = prepare(sql);
    // Kysely checks the columns against the schema where the query is written.
    if (statement.reader) return { rows: statement.all(...parameters) as Row[] };
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  return {
    // Synchronous inside, but errors must reject the promise rather than be thrown.
    executeQuery: <Row>(query: CompiledQuery) =>
      new Promise<QueryResult<Row>>((resolve) => {
        try {
          resolve(run<Row>(query));
        } catch (error) {
          throw readFault(error);
        }
      }),
    streamQuery: () => {
      throw new Error('the SQLite driver does not stream: it would block the one connection');
    },
  };
}

/** More than the queries of the program; those with lists (`in (?, ?, …)`) are evicted. */
const MAX_CACHED_STATEMENTS = 500;

/** Caches prepared statements until the schema changes. */
function createStatements(database: SqliteDatabase.Database) {
  const prepared = new Map<string, SqliteDatabase.Statement>();

  return function prepare(sql: string): SqliteDatabase.Statement {
    const known = prepared.get(sql);
    if (known) return known;
    if (prepared.size >= MAX_CACHED_STATEMENTS || CHANGES_SCHEMA.test(sql)) prepared.clear();
    const statement: SqliteDatabase.Statement = database.prepare(sql);
    if (!CHANGES_SCHEMA.test(sql)) prepared.set(sql, statement);
    return statement;
  };
}

const CHANGES_SCHEMA = /^\s*(?:create|alter|drop)\b/i;

/**
 * BEGIN IMMEDIATE takes the write lock at once. A transaction that starts as a reader fails without waiting
 * if it writes after another process did (SQLITE_BUSY_SNAPSHOT).
 */
async function begin(
  connection: DatabaseConnection,
  { accessMode }: TransactionSettings,
): Promise<void> {
  const statement = accessMode === 'read only' ? 'begin' : 'begin immediate';
  await connection.executeQuery(Query.raw(statement));
}

function readFault(error: unknown): unknown {
  if (!(error instanceof Error) && !isErrorLike(error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (!TRANSIENT_CODES.test(code)) return error;
  return new StoreUnavailable(`SQLite: ${error.message} (${code})`, { cause: error });
}

/** By shape, because errors of the native driver can be of another realm. */
function isErrorLike(error: unknown): error is { message: string } {
  return typeof error === 'object' && error !== null && 'message' in error;
}
