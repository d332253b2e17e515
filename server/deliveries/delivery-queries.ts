import type { DeliveryRow } from '../store/schema';
import type { Store, Tx } from '../store/store';

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
      absent_ms: 0,
      absent_at: null,
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
 * Takes the right to order a package that was never ordered from every process, on platforms that get at
 * most one order.
 * @returns whether the right was taken; false if the package may have been ordered
 */
export async function forbidOrdering(tx: Tx, orderId: string, reason: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('deliveries')
    .set({ held_before: reason })
    .where('order_id', '=', orderId)
    .where('tries', '=', 0)
    .where('held_before', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/**
 * Counts an attempt before it is made, and stores what the card held before it.
 * @param isOnly whether the platform gets at most one attempt
 * @returns whether it may be made; false if the order has moved on, was given up as refused, or another
 * process makes the only attempt
 */
export async function countAttempt(
  store: Store,
  orderId: string,
  { isOnly, packageSnapshot }: { isOnly: boolean; packageSnapshot: string | null },
): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable('deliveries')
    .set((eb) => ({ tries: eb('tries', '+', 1), held_before: packageSnapshot }))
    .where('order_id', '=', orderId)
    .where('outcome', '!=', 'refused')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('orders')
          .select('orders.id')
          .whereRef('orders.id', '=', 'deliveries.order_id')
          .where('orders.state', '=', 'delivering'),
      ),
    )
    .$if(isOnly, (query) => query.where('tries', '=', 0).where('held_before', 'is', null))
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

/** Stores that the platform accepted an attempt. */
export async function markAccepted(
  store: Store,
  orderId: string,
  reference: string | null,
): Promise<void> {
  await store
    .updateTable('deliveries')
    .set({ outcome: 'accepted', reference })
    .where('order_id', '=', orderId)
    .execute();
}

/** Stores that the latest attempt got no usable answer, unless the platform accepted an earlier one. */
export async function markUnanswered(store: Store, orderId: string): Promise<void> {
  await store
    .updateTable('deliveries')
    .set({ outcome: 'unknown' })
    .where('order_id', '=', orderId)
    .where('outcome', '!=', 'accepted')
    .execute();
}

/**
 * Stores how long an order has been missing from its platform's list.
 * @returns false if the row has changed since it was read
 */
export async function creditAbsence(
  store: Store,
  row: DeliveryRow,
  { absentMs, absentAt }: { absentMs: number; absentAt: number | null },
): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable('deliveries')
    .set({ absent_ms: absentMs, absent_at: absentAt })
    .where('order_id', '=', row.order_id)
    .where('absent_ms', '=', row.absent_ms)
    .where('absent_at', 'is not distinct from', row.absent_at)
    .where('outcome', '!=', 'accepted')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}
