import type { Transaction } from 'kysely';
import type { Database, DeliveryRow } from '../store/schema';
import type { Store } from '../store/store';

/** What keeps a second order for the same card and package waiting, where a platform needs that. */
export const RUNNING_COLUMN = 'deliveries.running_key';

export function runningKey(cardId: string, packageId: string): string {
  return `${cardId}|${packageId}`;
}

/**
 * Writes down that a package is about to be ordered: in the transaction that decides it.
 * @throws a violation of `RUNNING_COLUMN` while another order for the same is under way
 */
export async function insertDelivery(
  tx: Transaction<Database>,
  delivery: Pick<DeliveryRow, 'order_id' | 'platform' | 'asked_at' | 'running_key'>,
): Promise<void> {
  await tx
    .insertInto('deliveries')
    .values({ ...delivery, outcome: 'asked', reference: null, held_before: null })
    .execute();
}

/** What we ordered for an order; undefined where its platform delivers by being paid. */
export function findDelivery(store: Store, orderId: string): Promise<DeliveryRow | undefined> {
  return store
    .selectFrom('deliveries')
    .selectAll()
    .where('order_id', '=', orderId)
    .executeTakeFirst();
}

/** Whether an order for a card and package is under way where only one may be. */
export async function isUnderWay(store: Store, key: string): Promise<boolean> {
  const row = await store
    .selectFrom('deliveries')
    .select('order_id')
    .where('running_key', '=', key)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Writes down what a card held before its package is ordered.
 * @returns whether it is the caller who orders: nobody wrote it down before
 */
export async function noteHoldings(
  store: Store,
  orderId: string,
  holdings: string,
): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable('deliveries')
    .set({ held_before: holdings })
    .where('order_id', '=', orderId)
    .where('held_before', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function noteDelivery(
  store: Store,
  orderId: string,
  result: Partial<Pick<DeliveryRow, 'outcome' | 'reference' | 'held_before'>>,
): Promise<void> {
  await store.updateTable('deliveries').set(result).where('order_id', '=', orderId).execute();
}
