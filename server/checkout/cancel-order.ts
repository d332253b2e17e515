import type { Order } from '@shared/contract';
import type { Language } from '@shared/language';
import { advanceChangedOrder } from '../fulfilment/advance-order';
import { ApiError } from '../lib/api-error';
import { isPayableState } from '../orders/order-state';
import { setCancelRequest } from '../orders/transition-order';
import type { OrderRow } from '../store/schema';
import type { CheckoutContext } from './checkout-context';
import { presentOwnOrder, requireOwnOrder } from './own-order';
import { tryRefresh } from './refresh-order';

/**
 * Cancels an unpaid order. It closes once the payment channel has closed it; until then it is shown as
 * being cancelled. Cancelling a closed order changes nothing.
 * @throws ApiError `order.not_found`, `order.already_paid`
 */
export async function cancelOrder(
  context: CheckoutContext,
  { userId, orderId, language }: { userId: string; orderId: string; language: Language },
): Promise<Order> {
  const order = await requireOwnOrder(context, { userId, orderId });
  assertUnpaid(order);
  if (order.state !== 'closed') await setCancelRequest(context, order, 'cancel');
  await tryRefresh(context, order, advanceChangedOrder);
  const current = await requireOwnOrder(context, { userId, orderId });
  assertUnpaid(current);
  return presentOwnOrder(context, current, { language });
}

function assertUnpaid({ id, state }: OrderRow): void {
  if (isPayableState(state) || state === 'closed') return;
  throw new ApiError('order.already_paid', { orderId: id });
}
