import type { OrderState } from '@shared/order-state';
import type { Transaction } from 'kysely';
import { transitionOrder, findOrder } from '../orders/order-queries';
import type { OrderStep } from '../orders/order-context';
import type { Database, OrderRow, RefundRow } from '../store/schema';
import { listRefunds } from './refund-queries';

const refundingStates: readonly OrderState[] = ['refunding', 'refundFailed'];

function orderStateFor(refunds: readonly RefundRow[]): OrderState {
  if (refunds.every(({ state }) => state === 'done')) return 'refunded';
  return refunds.some(({ state }) => state === 'failed') ? 'refundFailed' : 'refunding';
}

/**
 * Brings an order that is being refunded to the state its refunds are in.
 * @returns the order afterwards, or undefined if nothing changed
 */
export async function updateOrderFromRefunds(
  tx: Transaction<Database>,
  orderId: string,
  now: number,
): Promise<OrderRow | undefined> {
  const order = await findOrder(tx, orderId);
  if (!order || !refundingStates.includes(order.state)) return undefined;
  const to = orderStateFor(await listRefunds(tx, orderId));
  return to === order.state ? undefined : transitionOrder(tx, order, to, now);
}

/** An order being refunded waits for its refunds: this catches up with what they could not tell it. */
export const syncOrderRefunds: OrderStep = async ({ store, clock }, order) => {
  const changed = await store
    .transaction()
    .execute((tx) => updateOrderFromRefunds(tx, order.id, clock()));
  return changed ?? order;
};
