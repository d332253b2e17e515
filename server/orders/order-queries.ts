import type { OrderEventRow, OrderRow } from '../store/schema';
import type { Store, StoreOrTx } from '../store/store';
import type { OrderEventType } from './order-events';

export function findOrder(store: StoreOrTx, id: string): Promise<OrderRow | undefined> {
  return store.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findOrderByNumber(store: StoreOrTx, number: string): Promise<OrderRow | undefined> {
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

/** Identifies the one order that a user may have open for a card and package. */
export function buildOpenOrderKey(userId: string, cardId: string, packageId: string): string {
  return `${userId}|${cardId}|${packageId}`;
}

/** The order that is open under a key, if there is one. */
export function findOpenOrder(store: Store, openOrderKey: string): Promise<OrderRow | undefined> {
  return store
    .selectFrom('orders')
    .selectAll()
    .where('open_key', '=', openOrderKey)
    .executeTakeFirst();
}

/** A page of a user's orders, newest first. Ids sort by time of creation. */
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

/** The latest event of a type, if there is one. */
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
