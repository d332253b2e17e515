import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { Kysely } from 'kysely';
import { copyStore, type TargetRule } from './copy-store';
import { parseDatabaseUrl } from './database-url';
import { acquireExclusiveUse } from './exclusive-use';
import { migrate } from './migrate';
import { openForTool } from './open-store';
import type { Database } from './schema';
import { openSqlite, openSqliteFile } from './sqlite';
import { sqliteDialect } from './sqlite-driver';
import { StoreError } from './store';
import { compareTotals, readTotals, type TableTotals } from './tables';

/** All pages in one step: a backup in several steps restarts whenever the BFF writes in between. */
const ALL_PAGES = 0x7fffffff;

/**
 * Writes a snapshot of a store, which may be in use, to a new SQLite file, and verifies the file.
 * @returns its totals
 * @throws StoreError if there is no store, the file exists already, or the copy is incomplete
 */
export async function backupStore(databaseUrl: string, file: string): Promise<TableTotals[]> {
  if (existsSync(file)) throw new StoreError(`${file} exists already; choose another name`);
  const folder = mkdtempSync(join(dirname(resolve(file)), '.liuka-backup-'));
  const partial = join(folder, 'backup.db');
  try {
    const written = await writeBackup(databaseUrl, partial);
    const differences = compareTotals(written, await readBackup(partial));
    if (differences.length > 0) {
      throw new StoreError(`the backup is not like the store: ${differences.join('; ')}`);
    }
    renameSync(partial, file);
    fsyncPath(file);
    fsyncPath(dirname(resolve(file)));
    return written;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeBackup(databaseUrl: string, partial: string): Promise<TableTotals[]> {
  const address = parseDatabaseUrl(databaseUrl);
  return address.dialect === 'sqlite'
    ? backupSqliteFile(address.path, partial)
    : exportToSqlite(databaseUrl, partial);
}

/** Counts and copies in one transaction, so that both see the same snapshot. */
async function backupSqliteFile(path: string, partial: string): Promise<TableTotals[]> {
  if (!existsSync(path)) throw new StoreError(`there is no store at ${path}`);
  const connection = openSqliteFile(path);
  const store = new Kysely<Database>({ dialect: sqliteDialect(connection) });
  try {
    return await store
      .transaction()
      .setAccessMode('read only')
      .execute(async (tx) => {
        const totals = await readTotals(tx);
        await connection.backup(partial, { progress: () => ALL_PAGES });
        return totals;
      });
  } finally {
    await store.destroy();
  }
}

async function exportToSqlite(databaseUrl: string, partial: string): Promise<TableTotals[]> {
  const source = openForTool(databaseUrl);
  const target = openSqlite(partial);
  try {
    await migrate(target);
    return await copyStore(source.store, target, 'empty');
  } finally {
    await target.destroy();
    await source.close();
  }
}

/**
 * Checks a backup and reads its totals. Leaves it without a write-ahead log, so that it is a single file.
 * @throws StoreError if the file is damaged or no store
 */
async function readBackup(path: string): Promise<TableTotals[]> {
  const connection = new SqliteDatabase(path, { fileMustExist: true });
  const store = new Kysely<Database>({ dialect: sqliteDialect(connection) });
  try {
    connection.pragma('synchronous = FULL');
    connection.pragma('journal_mode = DELETE');
    const faults = [
      ...(connection.pragma('integrity_check') as { integrity_check: string }[])
        .map((row) => row.integrity_check)
        .filter((text) => text !== 'ok'),
      ...(connection.pragma('foreign_key_check') as { table: string }[]).map(
        ({ table }) => `${table} refers to rows that are not there`,
      ),
    ];
    if (faults.length > 0) throw new StoreError(`the backup is damaged: ${faults.join('; ')}`);
    return await readTotals(store);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`${path} is no backup of a store`, { cause: error });
  } finally {
    await store.destroy();
  }
}

/**
 * Restores a backup, of this version or an older one, into a store that is not in use. The file itself is
 * only read: a copy of it is checked and migrated to the newest schema.
 * @returns the totals
 * @throws StoreError if the file is damaged or no backup, or the store is in use or holds orders and is
 * not to be replaced; then the store is as it was
 */
export async function restoreStore(
  file: string,
  databaseUrl: string,
  { replace }: { replace: boolean },
): Promise<TableTotals[]> {
  if (!existsSync(file)) throw new StoreError(`there is no file ${file}`);
  const folder = mkdtempSync(join(dirname(resolve(file)), '.liuka-restore-'));
  const copy = join(folder, 'backup.db');
  try {
    copyFileSync(file, copy);
    await readBackup(copy);
    return await restoreInto(databaseUrl, copy, replace ? 'replaced' : 'withoutOrders');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function restoreInto(databaseUrl: string, copy: string, rule: TargetRule) {
  const release = await acquireExclusiveUse(databaseUrl);
  const source = openSqlite(copy);
  const target = openForTool(databaseUrl);
  try {
    await migrate(source);
    await migrate(target.store);
    return await copyStore(source, target.store, rule);
  } finally {
    await target.close();
    await source.destroy();
    release();
  }
}

function fsyncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
