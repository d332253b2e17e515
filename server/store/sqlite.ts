import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Kysely } from 'kysely';
import type { Database } from './schema';
import { sqliteDialect } from './sqlite-driver';
import { type Store, StoreError } from './store';

/** Before 3.51.3 a WAL reset could corrupt the file (SQLite release notes of 3.51.3). */
const OLDEST_SAFE_SQLITE = [3, 51, 3] as const;
/** `pragma synchronous` as it is answered. */
const SYNCHRONOUS = { normal: 1, full: 2 } as const;

/**
 * Opens a SQLite file so that a committed transaction survives a power cut, and asserts it.
 * The settings are per connection, not per file (a WAL file reopens with synchronous NORMAL),
 * so they are set on every open. `normal` may lose the last transactions, and is only used on request.
 * @throws StoreError if the file or the library cannot guarantee that
 */
export function openSqlite(path: string, synchronous: 'full' | 'normal' = 'full'): Store {
  const connection = openSqliteFile(path, synchronous);
  return new Kysely<Database>({ dialect: sqliteDialect(connection) });
}

/** The raw connection, for features of SQLite. @throws StoreError as `openSqlite` */
export function openSqliteFile(
  path: string,
  synchronous: 'full' | 'normal' = 'full',
): SqliteDatabase.Database {
  const file = resolve(path);
  mkdirSync(dirname(file), { recursive: true });
  const connection = new SqliteDatabase(file);
  try {
    assertSafeVersion(connection);
    connection.pragma('journal_mode = WAL');
    connection.pragma(`synchronous = ${synchronous}`);
    connection.pragma('foreign_keys = ON');
    connection.pragma('busy_timeout = 5000');
    assertDurable(connection, SYNCHRONOUS[synchronous]);
  } catch (error) {
    connection.close();
    throw error;
  }
  return connection;
}

function assertSafeVersion(connection: SqliteDatabase.Database): void {
  const version = String(connection.prepare('select sqlite_version()').pluck().get());
  const parts = version.split('.').map(Number);
  for (const [index, oldest] of OLDEST_SAFE_SQLITE.entries()) {
    const part = parts[index] ?? 0;
    if (part > oldest) return;
    if (part < oldest) {
      throw new StoreError(
        `SQLite ${version} can corrupt its file; ${OLDEST_SAFE_SQLITE.join('.')} or newer is needed`,
      );
    }
  }
}

function assertDurable(connection: SqliteDatabase.Database, wanted: number): void {
  const journalMode = String(connection.pragma('journal_mode', { simple: true }));
  const synchronous = Number(connection.pragma('synchronous', { simple: true }));
  if (journalMode !== 'wal' || synchronous !== wanted) {
    throw new StoreError(
      `the store would not survive a power cut (journal_mode ${journalMode}, synchronous ${String(synchronous)}); ` +
        'put the file on a local disk',
    );
  }
}

/** The lock of the one BFF that runs on a SQLite file. */
export interface StoreLock {
  release(): void;
}

/**
 * Locks a SQLite file for this BFF process. It is a lock of the operating system on a file beside the store,
 * so it is released when the process ends in any way.
 * @throws StoreError if another process holds it
 */
export function lockSqlite(path: string): StoreLock {
  const file = `${resolve(path)}-lock`;
  mkdirSync(dirname(file), { recursive: true });
  const connection = new SqliteDatabase(file, { timeout: 0 });
  try {
    connection.exec('BEGIN EXCLUSIVE');
  } catch {
    connection.close();
    throw new StoreError(
      `another process is using ${resolve(path)}; stop it first, or set DATABASE_URL to another file`,
    );
  }
  return {
    release: () => {
      connection.close();
    },
  };
}
