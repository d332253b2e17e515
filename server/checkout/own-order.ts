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

interface OwnOrderView {
  language: Language;
  payment?: PaymentParameters;
  /** Given if the platforms do not answer now: when they last did, as far as this process knows, in epoch ms. */
  unanswered?: { answeredAt: number | undefined };
}

/** An order as the API returns it, with its events. */
export async function presentOwnOrder(
  { store, clock }: StoreAndClock,
  order: OrderRow,
  { language, payment, unanswered }: OwnOrderView,
): Promise<Order> {
  const events = (await listOrderEvents(store, [order.id])).get(order.id) ?? [];
  const changedAt = events.at(-1)?.at ?? order.created_at;
  const asOf = unanswered && Math.max(unanswered.answeredAt ?? 0, changedAt);
  return presentOrder(order, events, { language, now: clock(), payment, asOf });
}
