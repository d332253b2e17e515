import { Migrator } from 'kysely';
import * as start from './migrations/0001-start';
import * as money from './migrations/0002-money';
import * as tokens from './migrations/0003-tokens';
import * as platforms from './migrations/0004-platforms';
import * as devices from './migrations/0005-devices';
import * as refunds from './migrations/0006-refunds';
import * as absence from './migrations/0007-absence';
import * as saleLocks from './migrations/0008-sale-locks';
import * as billingMonths from './migrations/0009-billing-months';
import * as leaseIndex from './migrations/0010-lease-index';
import { type Store, StoreError } from './store';

const migrations = {
  '0001-start': start,
  '0002-money': money,
  '0003-tokens': tokens,
  '0004-platforms': platforms,
  '0005-devices': devices,
  '0006-refunds': refunds,
  '0007-absence': absence,
  '0008-sale-locks': saleLocks,
  '0009-billing-months': billingMonths,
  '0010-lease-index': leaseIndex,
};

/**
 * Migrates the store to the newest schema. Processes that start at once migrate one after the other: on
 * PostgreSQL Kysely holds an advisory lock, and a SQLite file has one process.
 * @returns the names of the migrations that ran
 * @throws StoreError if one fails; then all of them are rolled back
 */
export async function migrate(store: Store): Promise<string[]> {
  const { error, results = [] } = await migrator(store).migrateToLatest();
  if (error !== undefined) {
    throw new StoreError(`the store could not be migrated: ${describe(error)}`, { cause: error });
  }
  return results.map(({ migrationName }) => migrationName);
}

/** @throws StoreError unless every migration has run */
export async function assertNewest(store: Store): Promise<void> {
  const known = await migrator(store).getMigrations();
  const missing = known.filter(({ executedAt }) => executedAt === undefined);
  if (missing.length > 0) {
    throw new StoreError(
      `the store lacks ${missing.map(({ name }) => name).join(', ')}; run npm run db -- migrate on it first`,
    );
  }
}

function migrator(store: Store): Migrator {
  return new Migrator({
    db: store,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
