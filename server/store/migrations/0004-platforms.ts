import { type Kysely, sql } from 'kysely';

/**
 * Several card platforms: a card is identified by its platform's reference, which need not be its ICCID; an
 * order names the platform of its card; the merchant sets prices of packages.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('cards').renameColumn('iccid', 'ref').execute();
  await db.schema.alterTable('cards').addColumn('iccid', 'text').execute();
  await sql`update cards set iccid = ref`.execute(db);
  await db.schema.createIndex('cards_by_iccid').on('cards').column('iccid').execute();
  await db.schema.alterTable('orders').renameColumn('iccid', 'card_ref').execute();
  await db.schema.alterTable('orders').addColumn('iccid', 'text').execute();
  await sql`update orders set iccid = card_ref`.execute(db);
  await db.schema
    .alterTable('orders')
    .addColumn('platform', 'text', (column) => column.notNull().defaultTo('shingsou'))
    .execute();
  await db.schema.alterTable('orders').addColumn('cost_fen', 'bigint').execute();
  await db.schema
    .createIndex('orders_of_platform')
    .on('orders')
    .columns(['platform', 'state', 'state_since'])
    .execute();
  await extendDeliveries(db);
  await createPackagePrices(db);
}

async function extendDeliveries(db: Kysely<unknown>): Promise<void> {
  for (const column of ['reference', 'held_before', 'running_key']) {
    await db.schema.alterTable('deliveries').addColumn(column, 'text').execute();
  }
  for (const [column, before] of [
    ['tries', 1],
    ['refusals', 0],
  ] as const) {
    await db.schema
      .alterTable('deliveries')
      .addColumn(column, 'integer', (definition) => definition.notNull().defaultTo(before))
      .execute();
  }
  await db.schema
    .createIndex('deliveries_by_reference')
    .on('deliveries')
    .columns(['platform', 'reference'])
    .execute();
  await db.schema
    .createIndex('deliveries_running')
    .on('deliveries')
    .column('running_key')
    .unique()
    .execute();
}

async function createPackagePrices(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('package_prices')
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('package_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('cost_fen', 'bigint')
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addColumn('price_fen', 'bigint', (column) => column.check(sql`price_fen > 0`))
    .addColumn('priced_at', 'bigint')
    .addColumn('staff_id', 'text', (column) => column.references('staff.id'))
    .addPrimaryKeyConstraint('package_prices_key', ['platform', 'package_id'])
    .execute();
}
