import type { Kysely } from 'kysely';

/** How long an order has been missing from its platform's list, by the platform's clock. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('deliveries')
    .addColumn('absent_ms', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('deliveries').addColumn('absent_at', 'bigint').execute();
}
