import { sha256 } from '../store/ids';
import type { IdempotencyKeyRow } from '../store/schema';
import type { Store, StoreOrTx } from '../store/store';

/** The primary key of the table, for `isUniqueViolation`. */
export const IDEMPOTENCY_COLUMNS = 'idempotency_keys.user_id, idempotency_keys.key';

/** A hash of a request body that does not depend on the order of its fields. */
export function requestHash(body: Readonly<Record<string, unknown>>): string {
  return sha256(JSON.stringify(Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1))));
}

export function findIdempotencyKey(
  store: Store,
  userId: string,
  key: string,
): Promise<IdempotencyKeyRow | undefined> {
  return store
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('user_id', '=', userId)
    .where('key', '=', key)
    .executeTakeFirst();
}

/** Stores a key with its order, in the transaction that creates the order. */
export async function insertIdempotencyKey(
  tx: StoreOrTx,
  row: Omit<IdempotencyKeyRow, 'answer'>,
): Promise<void> {
  await tx
    .insertInto('idempotency_keys')
    .values({ ...row, answer: null })
    .execute();
}

/**
 * Stores the first answer for a key; later ones do not replace it.
 * @returns the stored answer, as JSON, so that concurrent requests all get the same
 */
export async function storeAnswer(
  store: Store,
  { user_id: userId, key }: Pick<IdempotencyKeyRow, 'user_id' | 'key'>,
  answer: unknown,
): Promise<string> {
  const json = JSON.stringify(answer);
  const stored = await store
    .updateTable('idempotency_keys')
    .set((eb) => ({ answer: eb.fn.coalesce('answer', eb.val(json)) }))
    .where('user_id', '=', userId)
    .where('key', '=', key)
    .returning('answer')
    .executeTakeFirstOrThrow();
  return stored.answer ?? json;
}
