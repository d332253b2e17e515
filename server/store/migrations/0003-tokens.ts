import type { Kysely } from 'kysely';

/** The platforms' access tokens, encrypted, each with the lease of the process that requests the next one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('tokens')
    .addColumn('platform', 'text', (column) => column.primaryKey())
    .addColumn('generation', 'integer', (column) => column.notNull())
    .addColumn('sealed', 'text')
    .addColumn('asked_at', 'bigint')
    .addColumn('expires_at', 'bigint')
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('retry_at', 'bigint')
    .addColumn('lease_token', 'text')
    .addColumn('lease_until', 'bigint')
    .execute();
}
