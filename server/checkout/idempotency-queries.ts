import type { Transaction } from 'kysely';
import { sha256 } from '../store/ids';
import type { Database, IdempotencyKeyRow } from '../store/schema';
import type { Store } from '../store/store';

/** The unique columns of the table, as a failing insert names them. */
export const IDEMPOTENCY_COLUMNS = 'idempotency_keys.user_id, idempotency_keys.key';

/** What tells one request body from another; the order of fields does not. */
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

/** Ties a key to the order it made, in the transaction that makes it. */
export async function insertIdempotencyKey(
  tx: Transaction<Database> | Store,
  row: Omit<IdempotencyKeyRow, 'answer'>,
): Promise<void> {
  await tx
    .insertInto('idempotency_keys')
    .values({ ...row, answer: null })
    .execute();
}

/**
 * Keeps the first answer of a key; later ones do not replace it.
 * @returns the answer that is kept, as JSON: requests that came at once are all given the same
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
