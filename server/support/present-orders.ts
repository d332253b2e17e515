import type { Order } from '@shared/contract';
import type { Language } from '@shared/language';
import { presentOrder } from '../orders/order-presenter';
import { listOrderEvents } from '../orders/order-queries';
import type { OrderRow } from '../store/schema';
import type { StoreAndClock } from './support-context';

/** Presents orders for staff, with complete card numbers. */
export async function presentOrders(
  { store, clock }: StoreAndClock,
  orders: readonly OrderRow[],
  language: Language,
): Promise<Order[]> {
  const events = await listOrderEvents(
    store,
    orders.map(({ id }) => id),
  );
  const view = { language, now: clock(), showNumbers: true };
  return orders.map((order) => presentOrder(order, events.get(order.id) ?? [], view));
}

export async function presentSupportOrder(
  { store, clock }: StoreAndClock,
  order: OrderRow,
  language: Language,
): Promise<Order> {
  const events = await listOrderEvents(store, [order.id]);
  const view = { language, now: clock(), showNumbers: true };
  return presentOrder(order, events.get(order.id) ?? [], view);
}
