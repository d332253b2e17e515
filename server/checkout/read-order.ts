import type { Order } from '@shared/contract';
import type { Language } from '@shared/language';
import { ApiError } from '../lib/api-error';
import { within } from '../lib/within';
import { findOrderByNumber } from '../orders/order-queries';
import { isFinal } from '../orders/order-state';
import type { OrderRow } from '../store/schema';
import type { CheckoutContext } from './checkout-context';
import { presentOwnOrder, requireOwnOrder } from './own-order';
import { tryRefresh } from './refresh-order';

/** How long a reader waits for the platforms before the order is shown as stored. */
const WAIT_MS = 1_500;

/**
 * Reads an order of the user. An unsettled order is refreshed first, at most once a second. If a platform does
 * not answer soon, the order is shown as stored, with the time of its state; the refresh goes on.
 * @throws ApiError `order.not_found`
 */
export async function readOrder(
  context: CheckoutContext,
  { userId, orderId, language }: { userId: string; orderId: string; language: Language },
): Promise<Order> {
  const order = await requireOwnOrder(context, { userId, orderId });
  if (isFinal(order.state)) return presentOwnOrder(context, order, { language });
  const answered = await within(refreshFor(context, order), WAIT_MS);
  if (answered?.value) {
    // The shared refresh may have ended before this order was read.
    const current = answered.value.version > order.version ? answered.value : order;
    return presentOwnOrder(context, current, { language });
  }
  // A step of the refresh may have changed the order before the platform stopped answering.
  const stored = await requireOwnOrder(context, { userId, orderId });
  const answeredAt = context.fulfilmentState.answeredAt.get(orderId);
  return presentOwnOrder(context, stored, { language, unanswered: { answeredAt } });
}

/**
 * Reads an order of the user by its number, as `readOrder`.
 * @throws ApiError `order.not_found`
 */
export async function readOrderByNumber(
  context: CheckoutContext,
  { userId, number, language }: { userId: string; number: string; language: Language },
): Promise<Order> {
  const order = await findOrderByNumber(context.store, number);
  if (!order) throw new ApiError('order.not_found');
  return readOrder(context, { userId, orderId: order.id, language });
}

/** The refresh of an order that a reader started a moment ago, or else a new one. */
function refreshFor(context: CheckoutContext, order: OrderRow): Promise<OrderRow | undefined> {
  const { checkoutState, background } = context;
  const recent = checkoutState.recentRefreshes.get(order.id);
  if (recent) return recent;
  const refresh = tryRefresh(context, order);
  background.add(refresh);
  checkoutState.recentRefreshes.set(order.id, refresh);
  return refresh;
}
