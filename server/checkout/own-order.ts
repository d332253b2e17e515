import type { Order, PaymentParameters } from '@shared/contract';
import type { Language } from '@shared/language';
import { ApiError } from '../lib/api-error';
import type { StoreAndClock } from '../orders/order-context';
import { presentOrder } from '../orders/order-presenter';
import { findOrderOfUser, listOrderEvents } from '../orders/order-queries';
import type { OrderRow } from '../store/schema';

/** An order of the user. @throws ApiError `order.not_found` */
export async function requireOwnOrder(
  { store }: Pick<StoreAndClock, 'store'>,
  { userId, orderId }: { userId: string; orderId: string },
): Promise<OrderRow> {
  const order = await findOrderOfUser(store, userId, orderId);
  if (!order) throw new ApiError('order.not_found');
  return order;
}

/** An order as the API returns it, with its events. */
export async function presentOwnOrder(
  { store, clock }: StoreAndClock,
  order: OrderRow,
  { language, payment }: { language: Language; payment?: PaymentParameters },
): Promise<Order> {
  const events = await listOrderEvents(store, [order.id]);
  return presentOrder(order, events.get(order.id) ?? [], { language, now: clock(), payment });
}
