import { findOrder } from '../orders/order-queries';
import { ApiError } from '../lib/api-error';
import type { OrderRow } from '../store/schema';
import type { Store } from '../store/store';

/** Each try fails only if somebody else changed the order, and so got further. */
const MAX_ATTEMPTS = 50;

/**
 * Does something with an order as it stands, and again with how it stands then if somebody else changed
 * it first.
 * @param attempt answers undefined where the order was changed by somebody else
 * @throws ApiError `order.not_found`, or `store.unavailable` where others are always first
 */
export async function withOrder<Result>(
  store: Store,
  orderId: string,
  attempt: (order: OrderRow) => Promise<Result | undefined>,
): Promise<Result> {
  for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts += 1) {
    const order = await findOrder(store, orderId);
    if (!order) throw new ApiError('order.not_found');
    const result = await attempt(order);
    if (result !== undefined) return result;
  }
  throw new ApiError('store.unavailable', { orderId, retryAfterSeconds: 1 });
}
