import { findOrder } from '../orders/order-queries';
import { ApiError } from '../lib/api-error';
import type { OrderRow } from '../store/schema';
import type { Store } from '../store/store';

/** An attempt fails only after a concurrent change of the order, so this is reached in a fault only. */
const MAX_ATTEMPTS = 50;

/**
 * Runs a change of an order, and repeats it with the new state of the order after a concurrent change.
 * @param attempt returns undefined if the order was changed concurrently
 * @throws ApiError `order.not_found`; `store.unavailable` after too many attempts
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
