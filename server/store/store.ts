import type { Kysely, Transaction } from 'kysely';
import { PostgresAdapter } from 'kysely';
import type { Database } from './schema';

/** The tables behind one connection or pool; the same queries run on both dialects. */
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
 * The store did not do what it was asked, and may another time: it restarts, the connection broke, it is
 * full or too busy. A write that ends so may have been stored or not; asking again must find out.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** What a store, or a transaction on it, speaks. For the few queries that differ. */
export function dialectOf(store: Store): Dialect {
  return store.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite';
}
