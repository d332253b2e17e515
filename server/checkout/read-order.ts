import type { Order } from '@shared/contract';
import type { Language } from '@shared/language';
import { isFinal } from '../orders/order-state';
import type { OrderRow } from '../store/schema';
import type { CheckoutContext } from './checkout-context';
import { presentOwnOrder, requireOwnOrder } from './own-order';
import { refreshOrder } from './refresh-order';

/**
 * Reads an order of the user. An unsettled order is refreshed first, at most once a second.
 * @throws ApiError `order.not_found`
 */
export async function readOrder(
  context: CheckoutContext,
  { userId, orderId, language }: { userId: string; orderId: string; language: Language },
): Promise<Order> {
  const order = await requireOwnOrder(context, { userId, orderId });
  const current = shouldRefresh(context, order) ? await refreshOrder(context, order) : order;
  return presentOwnOrder(context, current, { language });
}

function shouldRefresh({ checkoutState }: CheckoutContext, { id, state }: OrderRow): boolean {
  const { recentRefreshes } = checkoutState;
  if (isFinal(state) || recentRefreshes.get(id)) return false;
  recentRefreshes.set(id, true);
  return true;
}
