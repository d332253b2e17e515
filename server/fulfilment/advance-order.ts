import { startDelivery } from '../deliveries/order-package';
import { syncDelivery } from '../deliveries/sync-delivery';
import type { OrderSteps } from '../orders/order-context';
import { findOrder } from '../orders/order-queries';
import { syncPayment } from '../payments/sync-payment';
import { startRefund } from '../refunds/start-refund';
import { syncOrderRefunds } from '../refunds/sync-order-refunds';
import type { OrderRow } from '../store/schema';
import type { FulfilmentContext } from './fulfilment-context';
import { syncReview } from './sync-review';

/** The step that advances an order, by its state. */
const steps: OrderSteps = {
  created: syncPayment,
  awaitingPayment: syncPayment,
  closed: syncPayment,
  paid: startDelivery,
  delivering: syncDelivery,
  deliveryUnknown: syncDelivery,
  deliveryFailed: startRefund,
  reviewing: syncReview,
  refunding: syncOrderRefunds,
  refundFailed: syncOrderRefunds,
};

/** No order changes its state more often than this in one call. */
const MAX_STEPS = 6;

/**
 * Advances an order as far as possible now. Concurrent calls for one order share one run.
 * @returns the order afterwards; undefined if it does not exist
 * @throws PlatformUnavailable if a platform does not answer
 */
export function advanceOrder(
  context: FulfilmentContext,
  orderId: string,
): Promise<OrderRow | undefined> {
  return context.fulfilmentState.advances(orderId, () => applySteps(context, orderId));
}

/**
 * Advances an order that the caller has just changed. A run in progress may have read the order before the
 * change, so another one follows it.
 * @returns the order afterwards; undefined if it does not exist
 * @throws PlatformUnavailable if a platform does not answer
 */
export async function advanceChangedOrder(
  context: FulfilmentContext,
  orderId: string,
): Promise<OrderRow | undefined> {
  const run = { isOwn: false };
  const advance = () =>
    context.fulfilmentState.advances(orderId, () => {
      run.isOwn = true;
      return applySteps(context, orderId);
    });
  const [first] = await Promise.allSettled([advance()]);
  if (!run.isOwn) return advance();
  if (first.status === 'rejected') throw first.reason;
  return first.value;
}

async function applySteps(
  context: FulfilmentContext,
  orderId: string,
): Promise<OrderRow | undefined> {
  let order = await findOrder(context.store, orderId);
  for (let count = 0; order && count < MAX_STEPS; count += 1) {
    const after: OrderRow | undefined = await steps[order.state]?.(context, order);
    if (!after || after.version === order.version) break;
    order = after;
  }
  context.fulfilmentState.answeredAt.set(orderId, context.clock());
  return order && findOrder(context.store, orderId);
}
