import type { OrderState } from '@shared/order-state';
import type { Transaction, Updateable } from 'kysely';
import { resolveAlerts } from '../alerts/alert-queries';
import { deleteJob, scheduleJob } from '../jobs/job-queries';
import { newId } from '../store/ids';
import type { Database, OrderEventRow, OrderRow } from '../store/schema';
import type { Store } from '../store/store';
import type { OrderEventType } from './order-events';
import { isFinal, canTransition, nextCheckDelay } from './order-state';

export const ORDER_JOB = 'order';

type Tx = Transaction<Database>;
type Writer = Store | Tx;

/** What is over when an order comes to rest; what is about its refunds is settled by them. */
const ORDER_ALERT_KINDS = [
  'deliveryUnknown',
  'paymentDiffers',
  'channelMissing',
  'platformMissing',
  'orderStuck',
  'jobStuck',
] as const;

/** What a change of state may set besides the state. */
export type OrderChanges = Pick<
  Updateable<OrderRow>,
  'paid_at' | 'delivered_at' | 'transaction_id' | 'cancel_requested_at'
>;

/** States in which an order can still be paid, and so stands in the way of a second one. */
const payableStates: readonly OrderState[] = ['created', 'awaitingPayment'];

export function buildOpenOrderKey(userId: string, cardId: string, packageId: string): string {
  return `${userId}|${cardId}|${packageId}`;
}

export async function insertOrder(tx: Tx, order: OrderRow): Promise<void> {
  await tx.insertInto('orders').values(order).execute();
  await addOrderEvent(tx, order, { at: order.created_at, type: 'placed' });
  await scheduleCheck(tx, order.id, order.state, order.created_at);
}

/**
 * Writes down what happened to an order.
 * @param order as it is after that
 */
export async function addOrderEvent(
  writer: Writer,
  { id, version }: Pick<OrderRow, 'id' | 'version'>,
  event: { at: number; type: OrderEventType; detail?: string | null },
): Promise<void> {
  const { at, type, detail = null } = event;
  await writer
    .insertInto('order_events')
    .values({ id: newId(), order_id: id, version, at, type, detail })
    .execute();
}

async function scheduleCheck(tx: Tx, orderId: string, state: OrderState, now: number) {
  const delay = nextCheckDelay(state, 0);
  if (delay === undefined) await deleteJob(tx, ORDER_JOB, orderId);
  else await scheduleJob(tx, { kind: ORDER_JOB, subjectId: orderId, runAt: now + delay });
}

/**
 * Changes an order's state, if it still is as it was read: the compare-and-set, the event row and the
 * next check are one transaction.
 * @returns the order as it is after the change, or undefined if somebody else changed it first
 * @throws Error if the table of states has no such change: a fault in the caller
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
      ...(payableStates.includes(to) ? {} : { open_key: null }),
    })
    .where('id', '=', order.id)
    .where('version', '=', order.version)
    .where('state', '=', order.state)
    .returningAll()
    .executeTakeFirst();
  if (!changed) return undefined;
  await addOrderEvent(tx, changed, { at: now, type: to, detail });
  await scheduleCheck(tx, order.id, to, now);
  if (isDeliveryInProgress(order.state) && !isDeliveryInProgress(to))
    await releaseDeliveryLock(tx, order.id);
  if (isFinal(to)) await resolveAlerts(tx, order.id, now, ORDER_ALERT_KINDS);
  return changed;
}

function isDeliveryInProgress(state: OrderState): boolean {
  return state === 'delivering' || state === 'deliveryUnknown';
}

/** Another order for the same card and package may go now. */
async function releaseDeliveryLock(tx: Tx, orderId: string): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set({ running_key: null })
    .where('order_id', '=', orderId)
    .execute();
}

/**
 * Takes an order for the rest of a transaction without changing its state, so that whoever read it
 * before finds it changed.
 * @returns the order as it is then, or undefined if somebody else changed it first
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

/** Notes that the customer wants an unpaid order cancelled, or (null) no longer wants it. */
export async function setCancelRequest(
  store: Store,
  order: OrderRow,
  at: number | null,
  now: number,
): Promise<void> {
  await store.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('orders')
      .set({ cancel_requested_at: at })
      .where('id', '=', order.id)
      .where('state', 'in', payableStates)
      .where('cancel_requested_at', at === null ? 'is not' : 'is', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return;
    const type = at === null ? 'cancelWithdrawn' : 'cancelRequested';
    await addOrderEvent(tx, order, { at: now, type });
  });
}

/** Has the worker look at an order as soon as it can. */
export async function checkOrderSoon(writer: Writer, orderId: string, now: number): Promise<void> {
  await scheduleJob(writer, { kind: ORDER_JOB, subjectId: orderId, runAt: now });
}

export function findOrder(store: Writer, id: string): Promise<OrderRow | undefined> {
  return store.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findOrderByNumber(store: Writer, number: string): Promise<OrderRow | undefined> {
  return store.selectFrom('orders').selectAll().where('number', '=', number).executeTakeFirst();
}

export function findOrderOfUser(
  store: Store,
  userId: string,
  id: string,
): Promise<OrderRow | undefined> {
  return store
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst();
}

export function findOpenOrder(store: Store, key: string): Promise<OrderRow | undefined> {
  return store.selectFrom('orders').selectAll().where('open_key', '=', key).executeTakeFirst();
}

/** A page of a person's orders, newest first; ids sort by when they were made. */
export function listOrdersOfUser(
  store: Store,
  userId: string,
  { limit, before }: { limit: number; before: string | undefined },
): Promise<OrderRow[]> {
  return store
    .selectFrom('orders')
    .selectAll()
    .where('user_id', '=', userId)
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** The events of several orders in one query, oldest first, by order id. */
export async function listOrderEvents(
  store: Store,
  orderIds: readonly string[],
): Promise<Map<string, OrderEventRow[]>> {
  const byOrder = new Map<string, OrderEventRow[]>(orderIds.map((id) => [id, []]));
  if (orderIds.length === 0) return byOrder;
  const rows = await store
    .selectFrom('order_events')
    .selectAll()
    .where('order_id', 'in', orderIds)
    .orderBy('version')
    .orderBy('id')
    .execute();
  for (const row of rows) byOrder.get(row.order_id)?.push(row);
  return byOrder;
}

/** The last event of a type, if there was one. */
export function findLastOrderEvent(
  store: Store,
  orderId: string,
  type: OrderEventType,
): Promise<OrderEventRow | undefined> {
  return store
    .selectFrom('order_events')
    .selectAll()
    .where('order_id', '=', orderId)
    .where('type', '=', type)
    .orderBy('version', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}
