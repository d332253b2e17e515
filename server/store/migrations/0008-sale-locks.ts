import type { Kysely } from 'kysely';

/** A row for each prepaid platform. A sale locks it while it checks what is left of the balance. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sale_locks')
    .addColumn('platform', 'text', (column) => column.primaryKey())
    .addColumn('locked_at', 'bigint', (column) => column.notNull())
    .execute();
}
