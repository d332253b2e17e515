import type { Kysely } from 'kysely';

/** The billing month in which the package of an order starts, as it was shown when it was ordered. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('orders')
    // Older orders were placed by calendar months.
    .addColumn('settlement_day', 'integer', (column) => column.notNull().defaultTo(31))
    .execute();
  await db.schema.alterTable('orders').addColumn('effective_until', 'bigint').execute();
}
