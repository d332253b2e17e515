import type { DeliveryRow } from '../store/schema';
import type { Store, StoreOrTx, Tx } from '../store/store';

/** The unique column that serializes deliveries of one package to one card, on platforms that need it. */
export const DELIVERY_LOCK_COLUMN = 'deliveries.running_key';

/** The lock of a card and package: only one order may hold it while its delivery is in progress. */
export function deliveryLockFor(cardId: string, packageId: string): string {
  return `${cardId}|${packageId}`;
}

/**
 * Records that a package is about to be ordered, in the transaction that moves its order to `delivering`.
 * @throws a unique violation of `DELIVERY_LOCK_COLUMN` while another order holds the lock
 */
export async function insertDelivery(
  tx: Tx,
  delivery: Pick<DeliveryRow, 'order_id' | 'platform' | 'asked_at' | 'running_key'>,
): Promise<void> {
  await tx
    .insertInto('deliveries')
    .values({
      ...delivery,
      outcome: 'asked',
      tries: 0,
      refusals: 0,
      reference: null,
      held_before: null,
    })
    .execute();
}

/** What we ordered at the platform; undefined if the platform delivers because it was paid itself. */
export function findDelivery(store: Store, orderId: string): Promise<DeliveryRow | undefined> {
  return store
    .selectFrom('deliveries')
    .selectAll()
    .where('order_id', '=', orderId)
    .executeTakeFirst();
}

/** Whether an order holds the lock, so that a second one would have to wait. */
export async function isDeliveryLocked(store: Store, key: string): Promise<boolean> {
  const row = await store
    .selectFrom('deliveries')
    .select('order_id')
    .where('running_key', '=', key)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Stores what a card held before its package is ordered, if nothing was stored yet. The caller that
 * stores the snapshot has the right to order.
 * @returns whether the caller stored it
 */
export async function recordPackageSnapshot(
  writer: StoreOrTx,
  orderId: string,
  packageSnapshot: string,
): Promise<boolean> {
  const { numUpdatedRows } = await writer
    .updateTable('deliveries')
    .set({ held_before: packageSnapshot })
    .where('order_id', '=', orderId)
    .where('held_before', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/**
 * Counts an attempt before it is made.
 * @returns whether it may be made; false if the order was given up as refused
 */
export async function countAttempt(store: Store, orderId: string): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable('deliveries')
    .set((eb) => ({ tries: eb('tries', '+', 1) }))
    .where('order_id', '=', orderId)
    .where('outcome', '!=', 'refused')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Undoes an attempt that was certainly not carried out, and its package snapshot. */
export async function uncountAttempt(store: Store, orderId: string): Promise<void> {
  await store
    .updateTable('deliveries')
    .set((eb) => ({ tries: eb('tries', '-', 1), held_before: null }))
    .where('order_id', '=', orderId)
    .execute();
}

/**
 * Counts a refusal, and gives the order up if every attempt was refused. An attempt that was not answered
 * yet may still be carried out after a later one was refused.
 * @returns whether the order is given up, so that no further attempt is made
 */
export async function countRefusal(tx: Tx, orderId: string): Promise<boolean> {
  const row = await tx
    .updateTable('deliveries')
    .set((eb) => ({ refusals: eb('refusals', '+', 1) }))
    .where('order_id', '=', orderId)
    .returning(['tries', 'refusals'])
    .executeTakeFirstOrThrow();
  if (row.refusals < row.tries) return false;
  await tx
    .updateTable('deliveries')
    .set({ outcome: 'refused' })
    .where('order_id', '=', orderId)
    .execute();
  return true;
}

/** Stores the outcome of the latest attempt. */
export async function updateDelivery(
  store: Store,
  orderId: string,
  result: Partial<Pick<DeliveryRow, 'outcome' | 'reference'>>,
): Promise<void> {
  await store.updateTable('deliveries').set(result).where('order_id', '=', orderId).execute();
}
