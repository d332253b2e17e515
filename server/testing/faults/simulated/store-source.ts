import { Client } from 'pg';
import { startPostgres } from '../../../../config/postgres';
import type { Dialect } from '../../../store/store';
import { openSharedPostgres } from './shared-postgres';
import { openSharedSqlite } from './shared-sqlite';
import type { SharedStore } from './shared-store';

/** Creates the stores of simulated schedules. */
export interface StoreSource {
  /** @returns the address of an empty database of its own; undefined for a SQLite in memory */
  newStore(): Promise<string | undefined>;
  /** Stops the server, if one was started, and removes its data. */
  clear(): Promise<void>;
}

/** PostgreSQL itself never crashes in a simulation, so durability is switched off to save time. */
const FAST_UNSAFE_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** For PostgreSQL, starts a temporary server. @throws Error if it is neither installed nor installable */
export async function openStoreSource(dialect: Dialect): Promise<StoreSource> {
  if (dialect === 'sqlite') {
    return { newStore: () => Promise.resolve(undefined), clear: () => Promise.resolve() };
  }
  const postgres = await startPostgres(FAST_UNSAFE_SETTINGS);
  let stores = 0;
  return {
    newStore: () => {
      stores += 1;
      return createDatabase(postgres.url, `simulated_${String(stores)}`);
    },
    clear: postgres.stop,
  };
}

/** @returns the address of an empty database of this name */
async function createDatabase(url: string, name: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

/** @param address as returned by `newStore` */
export function openShared(address: string | undefined): Promise<SharedStore> {
  return address === undefined ? openSharedSqlite() : openSharedPostgres(address);
}
