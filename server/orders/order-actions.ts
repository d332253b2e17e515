import type { OrderAction } from '@shared/order-state';
import type { OrderRow } from '../store/schema';
import { isPayableState } from './order-state';

/** Whether the customer cancelled an order that is not closed yet. */
export function isBeingCancelled(order: Pick<OrderRow, 'state' | 'cancel_requested_at'>): boolean {
  return order.cancel_requested_at !== null && isPayableState(order.state);
}

/**
 * What the customer can do with an order.
 * @param now epoch ms
 */
export function actionsFor(order: OrderRow, now: number): OrderAction[] {
  switch (order.state) {
    case 'created':
    case 'awaitingPayment':
      if (now >= order.pay_before) return [];
      return isBeingCancelled(order) ? ['pay'] : ['pay', 'cancel'];
    case 'delivered':
    case 'closed':
    case 'refunded':
      return ['buyAgain'];
    default:
      return [];
  }
}
