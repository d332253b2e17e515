import type { OrderState } from '@shared/order-state';
import type { OrderStep } from '../orders/order-context';
import { findOrder } from '../orders/order-queries';
import { transitionOrder } from '../orders/transition-order';
import type { OrderRow, RefundRow } from '../store/schema';
import type { Tx } from '../store/store';
import { listRefunds } from './refund-queries';
import { isFinalRefund, needsPerson } from './refund-state';

/** States that follow from the states of the refunds. */
const refundingStates: readonly OrderState[] = ['refunding', 'refundFailed'];

/** Whether all that the customer paid for an order is being refunded. */
export function isBeingRefunded({ state }: Pick<OrderRow, 'state'>): boolean {
  return refundingStates.includes(state);
}

function orderStateFor(refunds: readonly RefundRow[]): OrderState {
  const open = refunds.filter((refund) => !isFinalRefund(refund));
  if (open.length === 0) return 'refunded';
  return open.some(needsPerson) ? 'refundFailed' : 'refunding';
}

/**
 * Moves an order that is being refunded to the state that follows from its refunds.
 * @returns the order afterwards; undefined if nothing changed
 */
export async function updateOrderFromRefunds(
  tx: Tx,
  orderId: string,
  now: number,
): Promise<OrderRow | undefined> {
  const order = await findOrder(tx, orderId);
  if (!order || !isBeingRefunded(order)) return undefined;
  const to = orderStateFor(await listRefunds(tx, orderId));
  return to === order.state ? undefined : transitionOrder(tx, order, to, now);
}

/** Moves an order on whose refunds have changed, in case their own jobs could not. */
export const syncOrderRefunds: OrderStep = async ({ store, clock }, order) => {
  const changed = await store
    .transaction()
    .execute((tx) => updateOrderFromRefunds(tx, order.id, clock()));
  return changed ?? order;
};
