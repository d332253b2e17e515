import { sql } from 'kysely';
import { parseDatabaseUrl } from './database-url';
import { BFF_NAME, openPostgres } from './postgres';
import { lockSqlite } from './sqlite';
import { StoreError } from './store';

/**
 * Asserts that no BFF runs on a store, for work that must not miss its writes. A SQLite file stays locked
 * until the returned function is called; on PostgreSQL a BFF can still start meanwhile.
 * @throws StoreError if a BFF runs
 */
export async function acquireExclusiveUse(databaseUrl: string): Promise<() => void> {
  const address = parseDatabaseUrl(databaseUrl);
  if (address.dialect === 'sqlite') return lockSqlite(address.path).release;
  const running = await countBffs(address.url);
  if (running > 0) {
    throw new StoreError(
      `a BFF is using the database (${String(running)} connections); stop every one of them first`,
    );
  }
  return () => undefined;
}

async function countBffs(url: string): Promise<number> {
  const store = openPostgres(url, { tool: true, warn: () => undefined });
  try {
    const { rows } = await sql<{ running: number }>`
      select count(*) as running from pg_stat_activity
      where datname = current_database() and application_name = ${BFF_NAME}`.execute(store);
    return rows[0]?.running ?? 0;
  } finally {
    await store.destroy();
  }
}
