import { type Kysely, sql } from 'kysely';

/** The first schema. Migrations are never edited once released; a change is a further file. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('app_id', 'text', (column) => column.notNull())
    .addColumn('openid', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('users_openid', ['app_id', 'openid'])
    .execute();

  await db.schema
    .createTable('sessions')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('sessions_expires_at').on('sessions').column('expires_at').execute();

  await createCardTables(db);
  await createOrderTables(db);
  await createWorkTables(db);
  await createStaffTables(db);
}

async function createCardTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('cards')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('iccid', 'text', (column) => column.notNull())
    .addColumn('access_number', 'text')
    .addColumn('carrier', 'text', (column) => column.notNull())
    .addColumn('report', 'text')
    .addColumn('fetched_at', 'bigint')
    .addColumn('refetch', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('cards_iccid', ['iccid', 'platform'])
    .execute();
  await db.schema.createIndex('cards_access_number').on('cards').column('access_number').execute();

  await db.schema
    .createTable('card_sightings')
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('card_id', 'text', (column) => column.notNull().references('cards.id'))
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('card_sightings_key', ['user_id', 'card_id'])
    .execute();

  await db.schema
    .createTable('wallet_cards')
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('card_id', 'text', (column) => column.notNull().references('cards.id'))
    .addColumn('nickname', 'text')
    .addColumn('added_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('wallet_cards_key', ['user_id', 'card_id'])
    .execute();
}

async function createOrderTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('orders')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('number', 'text', (column) => column.notNull().unique())
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('card_id', 'text', (column) => column.notNull().references('cards.id'))
    .addColumn('iccid', 'text', (column) => column.notNull())
    .addColumn('openid', 'text', (column) => column.notNull())
    .addColumn('package_id', 'text', (column) => column.notNull())
    .addColumn('package_name', 'text', (column) => column.notNull())
    .addColumn('package_data_mb', 'double precision', (column) => column.notNull())
    .addColumn('effective', 'text', (column) => column.notNull())
    .addColumn('effective_from', 'bigint', (column) => column.notNull())
    .addColumn('amount_fen', 'bigint', (column) => column.notNull().check(sql`amount_fen > 0`))
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('state_since', 'bigint', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('open_key', 'text', (column) => column.unique())
    .addColumn('pay_before', 'bigint', (column) => column.notNull())
    .addColumn('cancel_requested_at', 'bigint')
    .addColumn('paid_at', 'bigint')
    .addColumn('delivered_at', 'bigint')
    .addColumn('transaction_id', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  const orderIndexes: readonly (readonly [string, readonly string[]])[] = [
    ['orders_of_user', ['user_id', 'id']],
    ['orders_of_card', ['card_id', 'id']],
    ['orders_transaction', ['transaction_id']],
    ['orders_state', ['state', 'id']],
  ];
  for (const [name, columns] of orderIndexes) {
    await db.schema
      .createIndex(name)
      .on('orders')
      .columns([...columns])
      .execute();
  }

  await db.schema
    .createTable('order_events')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id'))
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('detail', 'text')
    .execute();
  await db.schema
    .createIndex('order_events_of_order')
    .on('order_events')
    .columns(['order_id', 'id'])
    .execute();

  await db.schema
    .createTable('upstream_calls')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id'))
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('operation', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('upstream_calls_of_order')
    .on('upstream_calls')
    .columns(['order_id', 'operation', 'id'])
    .execute();

  await db.schema
    .createTable('captures')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id'))
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('transaction_id', 'text', (column) => column.notNull())
    .addColumn('amount_fen', 'bigint', (column) => column.notNull().check(sql`amount_fen >= 0`))
    .addColumn('paid_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('captures_transaction', ['channel', 'transaction_id'])
    .execute();
  await db.schema.createIndex('captures_of_order').on('captures').column('order_id').execute();

  await db.schema
    .createTable('refunds')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id'))
    .addColumn('number', 'text', (column) => column.notNull().unique())
    .addColumn('amount_fen', 'bigint', (column) => column.notNull().check(sql`amount_fen > 0`))
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('refunds_of_order').on('refunds').column('order_id').execute();
}

async function createWorkTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('jobs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('subject_id', 'text', (column) => column.notNull())
    .addColumn('run_at', 'bigint', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('generation', 'integer', (column) => column.notNull())
    .addColumn('lease_token', 'text')
    .addColumn('lease_until', 'bigint')
    .addUniqueConstraint('jobs_subject', ['kind', 'subject_id'])
    .execute();
  await db.schema.createIndex('jobs_run_at').on('jobs').column('run_at').execute();

  await db.schema
    .createTable('idempotency_keys')
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('request_hash', 'text', (column) => column.notNull())
    .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id'))
    .addColumn('answer', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_key', ['user_id', 'key'])
    .execute();

  await db.schema
    .createTable('notifications')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id'))
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addColumn('deliveries', 'integer', (column) => column.notNull())
    .addUniqueConstraint('notifications_once', ['order_id', 'channel', 'event'])
    .execute();
}

async function createStaffTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('staff')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('username', 'text', (column) => column.notNull().unique())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('staff_sessions')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('staff_id', 'text', (column) => column.notNull().references('staff.id'))
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('audit')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('staff_id', 'text', (column) => column.notNull().references('staff.id'))
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('request_id', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('audit_at').on('audit').column('at').execute();
}
