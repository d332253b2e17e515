import type { Transaction } from 'kysely';
import type { Database, DeliveryRow } from '../store/schema';
import type { Store } from '../store/store';

/** Writes down that a package is about to be ordered: in the transaction that decides it. */
export async function insertDelivery(
  tx: Transaction<Database>,
  delivery: Omit<DeliveryRow, 'outcome'>,
): Promise<void> {
  await tx
    .insertInto('deliveries')
    .values({ ...delivery, outcome: 'asked' })
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

export async function noteDelivery(
  store: Store,
  orderId: string,
  outcome: DeliveryRow['outcome'],
): Promise<void> {
  await store.updateTable('deliveries').set({ outcome }).where('order_id', '=', orderId).execute();
}
