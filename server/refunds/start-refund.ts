import { listCaptures } from '../orders/capture-queries';
import type { OrderStep } from '../orders/order-context';
import { transitionOrder } from '../orders/transition-order';
import type { OrderRow } from '../store/schema';
import type { Tx } from '../store/store';
import { insertRefund, listRefunds, refundableFen } from './refund-queries';

/**
 * Requests refunds for all that is left of an order's captures and moves the order to `refunding`.
 * @returns the order afterwards; undefined if another process changed it first
 */
export async function refundInFull(
  tx: Tx,
  order: OrderRow,
  { now, detail = null }: { now: number; detail?: string | null },
): Promise<OrderRow | undefined> {
  const refunding = await transitionOrder(tx, order, 'refunding', now, { detail });
  if (!refunding) return undefined;
  const existingRefunds = await listRefunds(tx, order.id);
  for (const capture of await listCaptures(tx, order.id)) {
    const amount = refundableFen(capture, existingRefunds);
    if (amount <= 0) continue;
    await insertRefund(tx, refunding, { capture, amount, reason: order.state, now });
  }
  return refunding;
}

/** Refunds an order in full. */
export const startRefund: OrderStep = async ({ store, clock }, order) => {
  const now = clock();
  const changed = await store.transaction().execute((tx) => refundInFull(tx, order, { now }));
  return changed ?? order;
};
