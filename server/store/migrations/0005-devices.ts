import { type Kysely, sql } from 'kysely';

/** The devices of cards, proofs of possession of a card, and releases of devices. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createCardDevices(db);
  await db.schema
    .createTable('card_possessions')
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('card_id', 'text', (column) => column.notNull().references('cards.id'))
    .addColumn('proven_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('card_possessions_key', ['user_id', 'card_id'])
    .execute();
  await createDeviceReleases(db);
}

async function createCardDevices(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('card_devices')
    .addColumn('card_id', 'text', (column) => column.primaryKey().references('cards.id'))
    .addColumn('device_id', 'text', (column) => column.notNull().unique())
    .addColumn('tied_at', 'bigint', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.references('users.id'))
    .addColumn('staff_id', 'text', (column) => column.references('staff.id'))
    .addCheckConstraint('card_devices_tied_by_one', sql`(user_id is null) <> (staff_id is null)`)
    .execute();
}

async function createDeviceReleases(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('device_releases')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('device_id', 'text', (column) => column.notNull())
    .addColumn('card_id', 'text', (column) => column.references('cards.id'))
    .addColumn('user_id', 'text', (column) => column.references('users.id'))
    .addColumn('staff_id', 'text', (column) => column.references('staff.id'))
    .addColumn('reason', 'text')
    .addColumn('holders', 'integer', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('device_releases_of_device')
    .on('device_releases')
    .column('device_id')
    .execute();
}
