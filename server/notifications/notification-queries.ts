import type { ChannelNotification } from '../platforms/ports';
import { newId } from '../store/ids';
import type { NotificationRow } from '../store/schema';
import type { Store, StoreOrTx } from '../store/store';

/**
 * Stores a notification, or counts another delivery of it.
 * @returns the row as it is now
 */
export function storeNotification(
  writer: StoreOrTx,
  channel: string,
  { id, kind, orderNumber, transactionId, refundNumber }: ChannelNotification,
  now: number,
): Promise<NotificationRow> {
  return writer
    .insertInto('notifications')
    .values({
      id: newId(),
      channel,
      external_id: id,
      kind,
      order_number: orderNumber,
      transaction_id: transactionId,
      refund_number: refundNumber ?? null,
      received_at: now,
      deliveries: 1,
      handled_at: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['channel', 'external_id'])
        .doUpdateSet((eb) => ({ deliveries: eb('notifications.deliveries', '+', 1) })),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function findNotification(store: Store, id: string): Promise<NotificationRow | undefined> {
  return store.selectFrom('notifications').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Marks a notification as processed. */
export async function markHandled(store: Store, id: string, now: number): Promise<void> {
  await store.updateTable('notifications').set({ handled_at: now }).where('id', '=', id).execute();
}

/** How many notifications about an order were delivered, repeated ones included. */
export async function countNotifications(writer: StoreOrTx, orderNumber: string): Promise<number> {
  const rows = await writer
    .selectFrom('notifications')
    .select('deliveries')
    .where('order_number', '=', orderNumber)
    .execute();
  return rows.reduce((sum, { deliveries }) => sum + deliveries, 0);
}

/** Notifications about an order, oldest first. */
export function listNotifications(store: Store, orderNumber: string): Promise<NotificationRow[]> {
  return store
    .selectFrom('notifications')
    .selectAll()
    .where('order_number', '=', orderNumber)
    .orderBy('id')
    .execute();
}
