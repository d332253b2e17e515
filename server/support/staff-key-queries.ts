import type { StaffIdempotencyKeyRow } from '../store/schema';
import type { Store, Tx } from '../store/store';

/** The primary key of the table, for `isUniqueViolation`. */
export const STAFF_KEY_COLUMNS = 'staff_idempotency_keys.staff_id, staff_idempotency_keys.key';

export function findStaffKey(
  store: Store,
  staffId: string,
  key: string,
): Promise<StaffIdempotencyKeyRow | undefined> {
  return store
    .selectFrom('staff_idempotency_keys')
    .selectAll()
    .where('staff_id', '=', staffId)
    .where('key', '=', key)
    .executeTakeFirst();
}

/** Stores a key with its answer, in the transaction that does what it is for. */
export async function insertStaffKey(tx: Tx, row: StaffIdempotencyKeyRow): Promise<void> {
  await tx.insertInto('staff_idempotency_keys').values(row).execute();
}
