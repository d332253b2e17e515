import type { Order } from '@shared/contract';
import type { OrderState } from '@shared/order-state';
import type { Transaction } from 'kysely';
import { resolveAlerts } from '../alerts/alert-queries';
import { expireReport } from '../cards/card-queries';
import { transitionOrder } from '../orders/transition-order';
import { ApiError } from '../lib/api-error';
import { refundInFull } from '../refunds/start-refund';
import type { Database, OrderRow } from '../store/schema';
import type { Actor } from '../contract/caller';
import type { AuditEntry } from '../accounts/audit-queries';
import { recordAudit } from '../accounts/audit-queries';
import { presentSupportOrder } from './present-orders';
import type { StoreAndClock } from './support-context';
import { withOrder } from './with-order';

type Tx = Transaction<Database>;

export interface Resolution {
  outcome: 'delivered' | 'notDelivered';
  /** How the outcome was established. */
  evidence: string;
}

const resolvable: readonly OrderState[] = ['deliveryUnknown', 'reviewing'];

/** What the audit log records about a resolution, allowed or forbidden. */
export function resolutionAuditEntry(
  orderId: string,
  { outcome, evidence }: Resolution,
): AuditEntry {
  return { action: 'order.resolve', subject: `${orderId} ${outcome}: ${evidence}` };
}

/** @returns undefined if the order was changed concurrently */
async function commitResolution(
  { store, clock }: StoreAndClock,
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

/**
 * Resolves an order that cannot be settled automatically, by the evidence of a person: the package was
 * delivered, or the customer is refunded.
 * @throws ApiError `order.not_found`, `order.not_resolvable`
 */
export async function resolveOrder(
  context: StoreAndClock,
  actor: Actor,
  orderId: string,
  resolution: Resolution,
): Promise<Order> {
  const { store } = context;
  await recordAudit(context, actor, resolutionAuditEntry(orderId, resolution));
  const resolved = await withOrder(store, orderId, (order) =>
    commitResolution(context, order, resolution),
  );
  if (resolved.state === 'delivered') await expireReport(store, resolved.card_id);
  return presentSupportOrder(context, resolved, actor.language);
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
  // The order's own job refunds it.
  return transitionOrder(tx, order, 'deliveryFailed', now, { detail });
}
