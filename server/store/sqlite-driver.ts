import { AsyncLocalStorage } from 'node:async_hooks';
import type {
  CompiledQuery,
  DatabaseConnection,
  Dialect,
  Driver,
  QueryResult,
  TransactionSettings,
} from 'kysely';
import {
  CompiledQuery as Query,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type SqliteDatabase from 'better-sqlite3';
import { StoreUnavailable } from './store';

/**
 * Result codes (sqlite.org/rescode.html) of faults that lie outside the statement: the disk is full or
 * failing, another process holds the file, memory ran out.
 */
const TRANSIENT_CODES = /^SQLITE_(FULL|IOERR|BUSY|LOCKED|CANTOPEN|NOMEM|PROTOCOL)/;

/** Kysely's dialect for SQLite, with faults told apart from mistakes and writers that queue up. */
export function sqliteDialect(database: SqliteDatabase.Database): Dialect {
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => createDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/**
 * SQLite's DDL is transactional (sqlite.org/lang_transaction.html), though Kysely does not rely on it: with
 * this a process killed in the middle of its migrations leaves the schema as it was.
 */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** So long statements may follow one another before the event loop gets a turn, in ms. */
const SLICE_MS = 4;

const hasPriority = new AsyncLocalStorage<true>();

/**
 * Runs a write that somebody waits for before the turns of those that nobody does. Kysely hands its driver nothing
 * of who asks, so it goes with the asynchronous context. Of no effect on PostgreSQL, where nobody queues up.
 */
export function withPriority<Result>(write: () => Promise<Result>): Promise<Result> {
  return hasPriority.run(true, write);
}

/** Who has the one connection, and who is next. */
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

/** A driver of one connection, which its users have one after the other. */
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
      // A full disk ends a transaction by itself; what failed then is what the caller must hear of.
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
    // What the columns are is the schema's business: Kysely checks it where the query is written.
    if (statement.reader) return { rows: statement.all(...parameters) as Row[] };
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  return {
    // Asynchronous to its callers, synchronous in itself: a fault must not be thrown past a promise.
    executeQuery: <Row>(query: CompiledQuery) =>
      new Promise<QueryResult<Row>>((resolve) => {
        try {
          resolve(run<Row>(query));
        } catch (error) {
          throw readFault(error);
        }
      }),
    streamQuery: () => {
      throw new Error('nothing is streamed from SQLite: its one connection would be held up');
    },
  };
}

/** More than there are queries in the program; those of many lengths (`in (?, ?, …)`) come and go. */
const MAX_CACHED_STATEMENTS = 500;

/** Statements are prepared once, until the schema changes. */
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
 * A transaction that may write takes its turn at once. Begun as a reader, it would be refused without
 * waiting when it came to write after another process did (SQLITE_BUSY_SNAPSHOT).
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

/** The driver is native code, whose errors are of the class where it was first loaded. */
function isErrorLike(error: unknown): error is { message: string } {
  return typeof error === 'object' && error !== null && 'message' in error;
}
