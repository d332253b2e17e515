import type { OrderState } from '@shared/order-state';
import type { Transaction } from 'kysely';
import { settleAlerts } from '../alerts/alert-queries';
import { changeOrderState } from '../orders/order-queries';
import { listCaptures } from '../payments/captures';
import { RequestRefused } from '../problem';
import { insertRefund, listRefunds, refundableOf } from '../refunds/refund-queries';
import type { Database, OrderRow } from '../store/schema';
import type { Store } from '../store/store';
import type { Audit, Looker } from './audit';
import { requireRole } from './audit';
import { withOrder } from './contended';

type Tx = Transaction<Database>;

export interface Resolution {
  outcome: 'delivered' | 'notDelivered';
  /** How it was found out. */
  evidence: string;
}

const resolvable: readonly OrderState[] = ['deliveryUnknown', 'reviewing'];

/**
 * What the rules must not settle, settled by a person's evidence: the package is on the card, or the
 * money goes back.
 */
export function createOrderResolutions({
  store,
  clock,
  audit,
  onDelivered,
}: {
  store: Store;
  clock: () => number;
  audit: Audit;
  /** Told when a card got something. */
  onDelivered: (cardId: string) => Promise<void>;
}) {
  async function settle(order: OrderRow, resolution: Resolution): Promise<OrderRow | undefined> {
    if (!resolvable.includes(order.state)) {
      throw new RequestRefused('order.not_resolvable', { orderId: order.id });
    }
    const now = clock();
    return store.transaction().execute(async (tx) => {
      const changed = await changeBy(tx, order, resolution, now);
      if (changed) await settleAlerts(tx, order.id, now, ['deliveryUnknown', 'paymentDiffers']);
      return changed;
    });
  }

  /** @throws RequestRefused `staff.forbidden`, `order.not_found`, `order.not_resolvable` */
  return async function resolveOrder(
    looker: Looker,
    orderId: string,
    resolution: Resolution,
  ): Promise<OrderRow> {
    const { outcome, evidence } = resolution;
    await audit(looker, 'order.resolve', `${orderId} ${outcome}: ${evidence}`);
    requireRole(looker, 'supervisor');
    const resolved = await withOrder(store, orderId, (order) => settle(order, resolution));
    if (resolved.state === 'delivered') await onDelivered(resolved.card_id);
    return resolved;
  };
}

function changeBy(
  tx: Tx,
  order: OrderRow,
  { outcome, evidence: detail }: Resolution,
  now: number,
): Promise<OrderRow | undefined> {
  if (outcome === 'delivered') {
    const changes = { delivered_at: now };
    return changeOrderState(tx, order, 'delivered', now, { changes, detail });
  }
  if (order.state === 'reviewing') return giveBack(tx, order, detail, now);
  // From there the order's own job gives the money back.
  return changeOrderState(tx, order, 'deliveryFailed', now, { detail });
}

/** Gives back all that was taken for an order under review and is not on its way back yet. */
async function giveBack(
  tx: Tx,
  order: OrderRow,
  detail: string,
  now: number,
): Promise<OrderRow | undefined> {
  const refunding = await changeOrderState(tx, order, 'refunding', now, { detail });
  if (!refunding) return undefined;
  const promised = await listRefunds(tx, order.id);
  for (const capture of await listCaptures(tx, order.id)) {
    const amount = refundableOf(capture, promised);
    if (amount > 0)
      await insertRefund(tx, refunding, { capture, amount, reason: 'reviewing', now });
  }
  return refunding;
}
