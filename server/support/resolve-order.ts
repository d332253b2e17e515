import type { OrderState } from '@shared/order-state';
import type { Transaction } from 'kysely';
import { resolveAlerts } from '../alerts/alert-queries';
import { transitionOrder } from '../orders/transition-order';
import { ApiError } from '../lib/api-error';
import { refundInFull } from '../refunds/start-refund';
import type { Database, OrderRow } from '../store/schema';
import type { Store } from '../store/store';
import type { Actor } from '../contract/caller';
import type { Audit } from '../accounts/audit';
import { requireRole } from '../accounts/audit';
import { withOrder } from './with-order';

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
  async function commitResolution(
    order: OrderRow,
    resolution: Resolution,
  ): Promise<OrderRow | undefined> {
    if (!resolvable.includes(order.state)) {
      throw new ApiError('order.not_resolvable', { orderId: order.id });
    }
    const now = clock();
    return store.transaction().execute(async (tx) => {
      const changed = await applyResolution(tx, order, resolution, now);
      if (changed) await resolveAlerts(tx, order.id, now, ['deliveryUnknown', 'paymentDiffers']);
      return changed;
    });
  }

  /** @throws ApiError `staff.forbidden`, `order.not_found`, `order.not_resolvable` */
  return async function resolveOrder(
    actor: Actor,
    orderId: string,
    resolution: Resolution,
  ): Promise<OrderRow> {
    const { outcome, evidence } = resolution;
    await audit(actor, 'order.resolve', `${orderId} ${outcome}: ${evidence}`);
    requireRole(actor, 'supervisor');
    const resolved = await withOrder(store, orderId, (order) =>
      commitResolution(order, resolution),
    );
    if (resolved.state === 'delivered') await onDelivered(resolved.card_id);
    return resolved;
  };
}

function applyResolution(
  tx: Tx,
  order: OrderRow,
  { outcome, evidence: detail }: Resolution,
  now: number,
): Promise<OrderRow | undefined> {
  if (outcome === 'delivered') {
    const changes = { delivered_at: now };
    return transitionOrder(tx, order, 'delivered', now, { changes, detail });
  }
  if (order.state === 'reviewing') return refundInFull(tx, order, { now, detail });
  // From there the order's own job gives the money back.
  return transitionOrder(tx, order, 'deliveryFailed', now, { detail });
}
