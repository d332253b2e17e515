import { type Kysely, sql } from 'kysely';

/** Refunds that the channel closes, cannot pay out, or makes by itself, and refunds settled outside it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('refunds')
    .addColumn('replaces_id', 'text', (column) => column.references('refunds.id'))
    .execute();
  await db.schema
    .alterTable('refunds')
    .addColumn('origin', 'text', (column) => column.notNull().defaultTo('shop'))
    .execute();
  await db.schema.alterTable('refunds').addColumn('redirected_to', 'text').execute();
  // A closed refund has one successor at most, whatever processes handle it.
  await db.schema
    .createIndex('refunds_replaces')
    .on('refunds')
    .column('replaces_id')
    .unique()
    .execute();
  await db.schema.alterTable('notifications').addColumn('refund_number', 'text').execute();
  await createRefundSettlements(db);
  await createStaffIdempotencyKeys(db);
}

async function createRefundSettlements(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('refund_settlements')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('refund_id', 'text', (column) => column.notNull().references('refunds.id'))
    .addColumn('open_key', 'text', (column) => column.unique())
    .addColumn('evidence', 'text', (column) => column.notNull())
    .addColumn('requested_by', 'text', (column) => column.notNull().references('staff.id'))
    .addColumn('requested_at', 'bigint', (column) => column.notNull())
    .addColumn('decision', 'text')
    .addColumn('decided_by', 'text', (column) => column.references('staff.id'))
    .addColumn('decided_at', 'bigint')
    .addCheckConstraint(
      'refund_settlements_two_persons',
      sql`decision is null or decision <> 'approved' or decided_by <> requested_by`,
    )
    .execute();
  await db.schema
    .createIndex('refund_settlements_of_refund')
    .on('refund_settlements')
    .column('refund_id')
    .execute();
}

/** Keys of staff were stored with the order's customer, as `staff:<staff id>:<key>`. */
async function createStaffIdempotencyKeys(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('staff_idempotency_keys')
    .addColumn('staff_id', 'text', (column) => column.notNull().references('staff.id'))
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('request_hash', 'text', (column) => column.notNull())
    .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id'))
    .addColumn('answer', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('staff_idempotency_keys_key', ['staff_id', 'key'])
    .execute();
  await sql`
    insert into staff_idempotency_keys (staff_id, key, request_hash, order_id, answer, created_at)
    select staff.id, substr(idempotency_keys.key, length(staff.id) + 8), request_hash, order_id,
      answer, idempotency_keys.created_at
    from idempotency_keys
      join staff on idempotency_keys.key like 'staff:' || staff.id || ':%'
    where answer is not null
    on conflict do nothing`.execute(db);
  await sql`delete from idempotency_keys where key like 'staff:%'`.execute(db);
}
