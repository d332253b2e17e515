import { type Kysely, PostgresAdapter, type Transaction } from 'kysely';
import type { Database } from './schema';

/** A connection or pool; the same queries run on both dialects. */
export type Store = Kysely<Database>;

export type Tx = Transaction<Database>;

/** For queries that may run inside a transaction or outside of one. */
export type StoreOrTx = Store | Tx;

export type Dialect = 'sqlite' | 'postgres';

/** The store cannot be used safely; the message says what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/**
 * A transient fault of the store: it restarts, the connection broke, it is full or too busy. A write that
 * fails with it may or may not have been stored; a retry must find out.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The dialect of a store or transaction, for the few queries that differ. */
export function dialectOf(store: Store): Dialect {
  return store.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite';
}
