import type {
  CompiledQuery,
  DatabaseConnection,
  Dialect,
  Driver,
  SqliteDatabase,
  TransactionSettings,
} from 'kysely';
import {
  CompiledQuery as Query,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { StoreUnavailable } from './store';

/**
 * Result codes (sqlite.org/rescode.html) of faults that lie outside the statement: the disk is full or
 * failing, another process holds the file, memory ran out.
 */
const PASSING = /^SQLITE_(FULL|IOERR|BUSY|LOCKED|CANTOPEN|NOMEM|PROTOCOL)/;

/** Kysely's dialect for SQLite, with faults told apart from mistakes and writers that queue up. */
export function sqliteDialect(database: SqliteDatabase): Dialect {
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => guard(new SqliteDriver({ database })),
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

function guard(inner: SqliteDriver): Driver {
  const guarded = new WeakMap<DatabaseConnection, DatabaseConnection>();
  return {
    init: () => inner.init(),
    acquireConnection: async () => {
      const connection = await inner.acquireConnection();
      const known = guarded.get(connection) ?? guardConnection(connection);
      guarded.set(connection, known);
      return known;
    },
    beginTransaction: begin,
    commitTransaction: (connection) => inner.commitTransaction(connection),
    rollbackTransaction: async (connection) => {
      try {
        await inner.rollbackTransaction(connection);
      } catch (error) {
        // A full disk ends a transaction by itself; what failed then is what the caller must hear of.
        if (!isOver(error)) throw error;
      }
    },
    releaseConnection: () => inner.releaseConnection(),
    destroy: () => inner.destroy(),
  };
}

function guardConnection(connection: DatabaseConnection): DatabaseConnection {
  return {
    executeQuery: async <Row>(query: CompiledQuery) => {
      try {
        return await connection.executeQuery<Row>(query);
      } catch (error) {
        throw readFault(error);
      }
    },
    streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
  };
}

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
  if (!PASSING.test(code)) return error;
  return new StoreUnavailable(`SQLite: ${error.message} (${code})`, { cause: error });
}

/** The driver is native code, whose errors are of the class where it was first loaded. */
function isErrorLike(error: unknown): error is { message: string } {
  return typeof error === 'object' && error !== null && 'message' in error;
}

function isOver(error: unknown): boolean {
  return isErrorLike(error) && error.message.includes('no transaction is active');
}
