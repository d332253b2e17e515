import type { Transaction } from 'kysely';
import type { Database, DeliveryRow } from '../store/schema';
import type { Store } from '../store/store';

/** What keeps a second order for the same card and package waiting, where a platform needs that. */
export const DELIVERY_LOCK_COLUMN = 'deliveries.running_key';

export function deliveryLockFor(cardId: string, packageId: string): string {
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
    .values({
      ...delivery,
      ...{ outcome: 'asked', tries: 0, refusals: 0, reference: null, held_before: null },
    })
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
export async function isDeliveryLocked(store: Store, key: string): Promise<boolean> {
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
export async function recordPackageSnapshot(
  writer: Store | Transaction<Database>,
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
 * Counts a try before it is made.
 * @returns whether it may be made: nobody has given the order up as refused
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

/** Takes a try back that certainly was not made, with the look before it. */
export async function uncountAttempt(store: Store, orderId: string): Promise<void> {
  await store
    .updateTable('deliveries')
    .set((eb) => ({ tries: eb('tries', '-', 1), held_before: null }))
    .where('order_id', '=', orderId)
    .execute();
}

/**
 * Counts a refusal, and gives the order up if every try was refused: one that was not answered, or is on its
 * way still, may be carried out after a later one was refused.
 * @returns whether it is given up: no try follows
 */
export async function countRefusal(tx: Transaction<Database>, orderId: string): Promise<boolean> {
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

export async function updateDelivery(
  store: Store,
  orderId: string,
  result: Partial<Pick<DeliveryRow, 'outcome' | 'reference'>>,
): Promise<void> {
  await store.updateTable('deliveries').set(result).where('order_id', '=', orderId).execute();
}
