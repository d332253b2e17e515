import type { Kysely } from 'kysely';

/** Finds leases that end too far ahead. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('jobs_lease_until').on('jobs').column('lease_until').execute();
}
