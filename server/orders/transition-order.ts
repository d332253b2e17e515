import type { Updateable } from 'kysely';
import type { OrderState } from '@shared/order-state';
import { resolveAlerts } from '../alerts/alert-queries';
import { newId } from '../store/ids';
import type { OrderRow } from '../store/schema';
import type { StoreOrTx, Tx } from '../store/store';
import type { StoreAndClock } from './order-context';
import type { OrderEventType } from './order-events';
import { scheduleFirstCheck } from './order-job';
import {
  canTransition,
  isDeliveryInProgress,
  isFinal,
  isPayableState,
  payableStates,
} from './order-state';

/** Alerts that are resolved when an order becomes final. Alerts about refunds are resolved by them. */
const ORDER_ALERT_KINDS = [
  'deliveryUnknown',
  'paymentDiffers',
  'channelMissing',
  'platformMissing',
  'orderStuck',
  'jobStuck',
] as const;

/** Columns that a transition may set besides the state. */
export type OrderChanges = Pick<
  Updateable<OrderRow>,
  'paid_at' | 'delivered_at' | 'transaction_id' | 'cancel_requested_at'
>;

/** Inserts a new order with its first event and its job. */
export async function insertOrder(tx: Tx, order: OrderRow): Promise<void> {
  const { id: orderId, state, created_at: now } = order;
  await tx.insertInto('orders').values(order).execute();
  await addOrderEvent(tx, order, { at: now, type: 'placed' });
  await scheduleFirstCheck(tx, { orderId, state, now });
}

/**
 * Adds an event to an order's history.
 * @param order the order as it is after the event
 */
export async function addOrderEvent(
  writer: StoreOrTx,
  { id, version }: Pick<OrderRow, 'id' | 'version'>,
  event: { at: number; type: OrderEventType; detail?: string | null },
): Promise<void> {
  const { at, type, detail = null } = event;
  await writer
    .insertInto('order_events')
    .values({ id: newId(), order_id: id, version, at, type, detail })
    .execute();
}

/**
 * Changes an order's state if the order is still as it was read: compare-and-set on its version, event and
 * next check in one transaction.
 * @returns the order after the change; undefined if another process changed it first
 * @throws Error if the rules do not allow the transition: a bug of the caller
 */
export async function transitionOrder(
  tx: Tx,
  order: OrderRow,
  to: OrderState,
  now: number,
  { changes = {}, detail = null }: { changes?: OrderChanges; detail?: string | null } = {},
): Promise<OrderRow | undefined> {
  if (!canTransition(order.state, to)) {
    throw new Error(`an order cannot go from ${order.state} to ${to}`);
  }
  const changed = await tx
    .updateTable('orders')
    .set({
      ...changes,
      state: to,
      state_since: now,
      version: order.version + 1,
      ...(!isPayableState(to) && { open_key: null }),
    })
    .where('id', '=', order.id)
    .where('version', '=', order.version)
    .where('state', '=', order.state)
    .returningAll()
    .executeTakeFirst();
  if (!changed) return undefined;
  await addOrderEvent(tx, changed, { at: now, type: to, detail });
  await scheduleFirstCheck(tx, { orderId: order.id, state: to, now });
  if (isDeliveryInProgress(order.state) && !isDeliveryInProgress(to))
    await releaseDeliveryLock(tx, order.id);
  if (isFinal(to)) await resolveAlerts(tx, order.id, now, ORDER_ALERT_KINDS);
  return changed;
}

/**
 * Changes an order's state in a transaction of its own.
 * @returns the order after the change, or as it was read if another process changed it first
 */
export async function commitTransition(
  { store, clock }: StoreAndClock,
  order: OrderRow,
  to: OrderState,
  options: { changes?: OrderChanges; detail?: string } = {},
): Promise<OrderRow> {
  const changed = await store
    .transaction()
    .execute((tx) => transitionOrder(tx, order, to, clock(), options));
  return changed ?? order;
}

/** Allows the next order for the same card and package to be delivered. */
async function releaseDeliveryLock(tx: Tx, orderId: string): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ running_key: null })
    .where('order_id', '=', orderId)
    .execute();
}

/**
 * Locks an order for the rest of a transaction without changing its state. Its version is incremented, so
 * that a concurrent transition of the order as it was read before fails.
 * @returns the locked order; undefined if another process changed it first
 */
export async function lockOrder(tx: Tx, order: OrderRow): Promise<OrderRow | undefined> {
  return tx
    .updateTable('orders')
    .set({ version: order.version + 1 })
    .where('id', '=', order.id)
    .where('version', '=', order.version)
    .returningAll()
    .executeTakeFirst();
}

/** Records that the customer cancels an unpaid order, or withdraws the cancellation. */
export async function setCancelRequest(
  { store, clock }: StoreAndClock,
  order: OrderRow,
  request: 'cancel' | 'withdraw',
): Promise<void> {
  const now = clock();
  const isCancel = request === 'cancel';
  await store.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('orders')
      .set({ cancel_requested_at: isCancel ? now : null })
      .where('id', '=', order.id)
      .where('state', 'in', payableStates)
      .where('cancel_requested_at', isCancel ? 'is' : 'is not', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return;
    await addOrderEvent(tx, order, {
      at: now,
      type: isCancel ? 'cancelRequested' : 'cancelWithdrawn',
    });
  });
}
