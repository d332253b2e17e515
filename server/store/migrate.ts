import { Migrator } from 'kysely';
import * as start from './migrations/0001-start';
import type { Store } from './sqlite';
import { StoreError } from './sqlite';

const migrations = { '0001-start': start };

/**
 * Brings the store to the newest schema.
 * @returns the names of the migrations that were run now.
 * @throws StoreError if one fails; those before it stay.
 */
export async function migrate(store: Store): Promise<string[]> {
  const migrator = new Migrator({
    db: store,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) {
    throw new StoreError(`the store could not be migrated: ${describe(error)}`);
  }
  return results.map(({ migrationName }) => migrationName);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
