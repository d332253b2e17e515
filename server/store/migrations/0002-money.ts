import { type Kysely, sql } from 'kysely';

/** Several channels, partial refunds, alerts, and the daily reconciliation. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('orders')
    .addColumn('channel', 'text', (column) => column.notNull().defaultTo('shingsou'))
    .execute();
  await db.schema
    .alterTable('order_events')
    .addColumn('version', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await renewRefunds(db);
  await renewNotifications(db);
  await db.schema
    .createTable('deliveries')
    .addColumn('order_id', 'text', (column) => column.primaryKey().references('orders.id'))
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .execute();
  await createAlerts(db);
  await createReconciliations(db);
}

/** SQLite cannot alter a column, so the table is recreated and filled from the old one. */
async function renewRefunds(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('refunds_of_order').execute();
  await db.schema.alterTable('refunds').renameTo('refunds_before').execute();
  await db.schema
    .createTable('refunds')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id'))
    .addColumn('capture_id', 'text', (column) => column.notNull().references('captures.id'))
    .addColumn('number', 'text', (column) => column.notNull())
    .addColumn('amount_fen', 'bigint', (column) => column.notNull().check(sql`amount_fen > 0`))
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('state_since', 'bigint', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('staff_id', 'text', (column) => column.references('staff.id'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('refunds_number', ['number'])
    .execute();
  await sql`
    insert into refunds (id, order_id, capture_id, number, amount_fen, reason, state, state_since,
      version, staff_id, created_at, updated_at)
    select id, order_id,
      (select min(captures.id) from captures where captures.order_id = refunds_before.order_id),
      number, amount_fen, reason, state, updated_at, 0, null, created_at, updated_at
    from refunds_before`.execute(db);
  await db.schema.dropTable('refunds_before').execute();
  await db.schema.createIndex('refunds_of_order').on('refunds').column('order_id').execute();
  await db.schema.createIndex('refunds_of_capture').on('refunds').column('capture_id').execute();
  await db.schema
    .createIndex('refunds_state')
    .on('refunds')
    .columns(['state', 'state_since'])
    .execute();
  await sql`
    insert into jobs (id, kind, subject_id, run_at, attempts, generation)
    select 'refund-' || id, 'refund', id, 0, 0, 0 from refunds
    where state not in ('done', 'failed')`.execute(db);
}

async function renewNotifications(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('notifications').renameTo('notifications_before').execute();
  await db.schema
    .createTable('notifications')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('external_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('order_number', 'text', (column) => column.notNull())
    .addColumn('transaction_id', 'text')
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addColumn('deliveries', 'integer', (column) => column.notNull())
    .addColumn('handled_at', 'bigint')
    .addUniqueConstraint('notifications_external', ['channel', 'external_id'])
    .execute();
  await sql`
    insert into notifications (id, channel, external_id, kind, order_number, transaction_id,
      received_at, deliveries, handled_at)
    select before.id, before.channel, orders.number || '|' || before.event,
      case before.event when 'refunded' then 'refund' when 'paid' then 'payment' else 'delivery' end,
      orders.number, null, before.received_at, before.deliveries, before.received_at
    from notifications_before as before join orders on orders.id = before.order_id`.execute(db);
  await db.schema.dropTable('notifications_before').execute();
  await db.schema
    .createIndex('notifications_of_order')
    .on('notifications')
    .column('order_number')
    .execute();
}

async function createAlerts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('alerts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('open_key', 'text', (column) => column.unique())
    .addColumn('detail', 'text')
    .addColumn('raised_at', 'bigint', (column) => column.notNull())
    .addColumn('settled_at', 'bigint')
    .execute();
  await db.schema.createIndex('alerts_subject').on('alerts').column('subject').execute();
}

async function createReconciliations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('reconciliations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('compared_at', 'bigint', (column) => column.notNull())
    .addColumn('taken_here_fen', 'bigint', (column) => column.notNull())
    .addColumn('taken_there_fen', 'bigint', (column) => column.notNull())
    .addColumn('returned_here_fen', 'bigint', (column) => column.notNull())
    .addColumn('returned_there_fen', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('reconciliations_day', ['day', 'channel'])
    .execute();
  await db.schema
    .createTable('differences')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('order_number', 'text', (column) => column.notNull())
    .addColumn('reference', 'text', (column) => column.notNull())
    .addColumn('here_fen', 'bigint')
    .addColumn('there_fen', 'bigint')
    .addColumn('automatic', 'integer', (column) => column.notNull())
    .addColumn('found_at', 'bigint', (column) => column.notNull())
    .addColumn('settled_at', 'bigint')
    .addUniqueConstraint('differences_once', [
      'day',
      'channel',
      'kind',
      'order_number',
      'reference',
    ])
    .execute();
  await db.schema.createIndex('captures_paid_at').on('captures').column('paid_at').execute();
}
