import { parseDatabaseUrl, type DatabaseAddress } from './database-url';
import { migrate } from './migrate';
import { openPostgres, disabledDurabilitySettings } from './postgres';
import { lockSqlite, openSqlite } from './sqlite';
import { type Dialect, type Store, StoreError } from './store';

export interface OpenStore {
  store: Store;
  dialect: Dialect;
  /** Closes the connections and releases the lock. Call it once. */
  close(): Promise<void>;
}

interface OpenOptions {
  /** Accept that a power cut may lose acknowledged data (UNSAFE_STORE). */
  acceptDataLoss?: boolean;
  /** Receives warnings that do not need immediate action. */
  warn: (message: string) => void;
}

/**
 * Opens and migrates the store for a BFF: a SQLite file for this process only, or PostgreSQL shared with
 * others.
 * @throws StoreError if the store cannot be opened, is not durable, or cannot be migrated; then everything is
 * closed again
 */
export async function openStore(databaseUrl: string, options: OpenOptions): Promise<OpenStore> {
  const address = parseDatabaseUrl(databaseUrl);
  return address.dialect === 'sqlite'
    ? openLocked(address, options)
    : openPool(address.url, options);
}

type SqliteAddress = Extract<DatabaseAddress, { dialect: 'sqlite' }>;

async function openLocked(address: SqliteAddress, options: OpenOptions): Promise<OpenStore> {
  const lock = lockSqlite(address.path);
  try {
    if (address.synchronous === 'normal') checkDurability(['synchronous=normal'], options);
    const store = openSqlite(address.path, address.synchronous);
    await closeOnError(store, () => migrate(store));
    return {
      store,
      dialect: 'sqlite',
      close: async () => {
        await store.destroy();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openPool(url: string, options: OpenOptions): Promise<OpenStore> {
  await migratePostgres(url, options);
  const store = openPostgres(url, options);
  await closeOnError(store, async () => {
    checkDurability(await disabledDurabilitySettings(store, url), options);
  });
  return { store, dialect: 'postgres', close: () => store.destroy() };
}

/** Opened as by a tool, because a migration may exceed the statement timeout of a BFF. */
async function migratePostgres(url: string, { warn }: OpenOptions): Promise<void> {
  const store = openPostgres(url, { tool: true, warn });
  try {
    await migrate(store);
  } finally {
    await store.destroy();
  }
}

function checkDurability(
  weaknesses: readonly string[],
  { acceptDataLoss = false, warn }: OpenOptions,
): void {
  if (weaknesses.length === 0) return;
  const risk = `a power cut can lose paid orders: the store runs with ${weaknesses.join(', ')}`;
  if (!acceptDataLoss) {
    throw new StoreError(
      `${risk}; switch that on, or set UNSAFE_STORE="paid orders may be lost" if that is meant`,
    );
  }
  warn(risk);
}

async function closeOnError(store: Store, prepare: () => Promise<unknown>): Promise<void> {
  try {
    await prepare();
  } catch (error) {
    await store.destroy();
    throw error;
  }
}

/**
 * Opens the store for a tool beside a running BFF: without the lock and without migrating. On SQLite it is
 * always durable; PostgreSQL's settings are only checked by the BFF.
 * @throws StoreError
 */
export function openForTool(databaseUrl: string): OpenStore {
  const address = parseDatabaseUrl(databaseUrl);
  const store =
    address.dialect === 'sqlite'
      ? openSqlite(address.path)
      : openPostgres(address.url, { tool: true, warn: () => undefined });
  return { store, dialect: address.dialect, close: () => store.destroy() };
}
