import { advanceOrder } from '../fulfilment/advance-order';
import { OutcomeUnknown, UNKNOWN_RETRY_MS } from '../orders/logged-call';
import { checkOrderSoon } from '../orders/order-job';
import { PlatformUnavailable } from '../platforms/ports';
import type { OrderRow } from '../store/schema';
import type { CheckoutContext } from './checkout-context';

/**
 * Advances an order by what the platforms answer now.
 * @param advance `advanceChangedOrder` if the caller has just changed the order
 * @returns the order afterwards; undefined if a platform does not answer
 */
export async function tryRefresh(
  context: CheckoutContext,
  order: OrderRow,
  advance = advanceOrder,
): Promise<OrderRow | undefined> {
  const { store, clock } = context;
  try {
    return (await advance(context, order.id)) ?? order;
  } catch (error) {
    if (!(error instanceof PlatformUnavailable)) throw error;
    // Only this request knows about the unknown outcome, so the order's job must check it soon.
    if (error instanceof OutcomeUnknown)
      await checkOrderSoon(store, order.id, clock() + UNKNOWN_RETRY_MS);
    return undefined;
  }
}

/**
 * Advances an order by what the platforms answer now.
 * @returns the order afterwards, or as it was read if a platform does not answer
 */
export async function refreshOrder(context: CheckoutContext, order: OrderRow): Promise<OrderRow> {
  return (await tryRefresh(context, order)) ?? order;
}
