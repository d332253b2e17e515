import { raiseAlert } from '../alerts/alert-queries';
import { loggedCall } from '../orders/logged-call';
import type { OrderContext, OrderStep, StoreAndClock } from '../orders/order-context';
import { DELIVERY_TIMEOUT_MS } from '../orders/order-state';
import { commitTransition, transitionOrder } from '../orders/transition-order';
import type { CardPlatform, DeliveryState, PlacedOrder } from '../platforms/ports';
import type { DeliveryRow, OrderRow } from '../store/schema';
import type { AbsentLook } from './absence';
import { recordAbsence } from './absence';
import { findDelivery, forbidOrdering } from './delivery-queries';
import { sendPackageOrder } from './order-package';
import { withPlatform } from './with-platform';

/** Queries the delivery of an order. Without an answer in time it becomes unknown, never failed. */
export const syncDelivery: OrderStep = (context, order) =>
  withPlatform(context, order, async (platform) => {
    const deliveryRow = await findDelivery(context.store, order.id);
    if (!isUnsent(platform, deliveryRow))
      return applyDeliveryState(context, order, { platform, deliveryRow });
    // A person may have been called and be working on it, so nothing is ordered any more.
    return order.state === 'deliveryUnknown' || isDeliveryOverdue(context, order)
      ? failUnsent(context, order)
      : sendPackageOrder(context, order, platform);
  });

/** Where a package is delivered. */
interface DeliveryTarget {
  platform: CardPlatform;
  /** Undefined if the platform delivers because it was paid itself. */
  deliveryRow: DeliveryRow | undefined;
}

/** Whether no order was sent, on platforms that get at most one: it is counted before it is sent. */
function isUnsent(platform: CardPlatform, deliveryRow: DeliveryRow | undefined): boolean {
  return !platform.idempotentOrders && deliveryRow?.tries === 0 && deliveryRow.held_before === null;
}

/** Fails an order that was never sent. */
async function failUnsent(context: OrderContext, order: OrderRow): Promise<OrderRow> {
  const detail = 'neverOrdered';
  const failed = await context.store.transaction().execute(async (tx) => {
    if (!(await forbidOrdering(tx, order.id, detail))) return undefined;
    return transitionOrder(tx, order, 'deliveryFailed', context.clock(), { detail });
  });
  return failed ?? order;
}

async function applyDeliveryState(
  context: OrderContext,
  order: OrderRow,
  target: DeliveryTarget,
): Promise<OrderRow> {
  const askedAt = context.monotonicClock();
  const delivery = await queryDelivery(context, order, target);
  switch (delivery.state) {
    case 'delivered':
      return markDelivered(context, order, delivery.at);
    case 'failed':
      return commitTransition(context, order, 'deliveryFailed', { detail: delivery.reason });
    case 'pending':
      return markUnknownIfOverdue(context, order);
    case 'absent':
      return handleAbsent(context, order, target, {
        askedAt,
        platformTime: delivery.platformTime,
      });
  }
}

/**
 * Queries the state of a delivery at its platform.
 * @throws PlatformUnavailable if the platform does not answer
 */
export function queryDelivery(
  context: StoreAndClock,
  order: OrderRow,
  { platform, deliveryRow }: DeliveryTarget,
): Promise<DeliveryState> {
  const call = () => platform.delivery(toPlacedOrder(order, deliveryRow));
  return loggedCall(context, order.id, 'delivery', call, (answer) =>
    answer.state === 'failed' ? `failed: ${answer.reason}` : answer.state,
  );
}

function toPlacedOrder(order: OrderRow, deliveryRow: DeliveryRow | undefined): PlacedOrder {
  return {
    orderNumber: order.number,
    cardRef: order.card_ref,
    packageId: order.package_id,
    effectiveFrom: order.effective_from,
    settlementDay: order.settlement_day,
    reference: deliveryRow?.reference ?? null,
    snapshotBefore: deliveryRow?.held_before ?? null,
  };
}

/**
 * Moves an order to `delivered`.
 * @param deliveredAt epoch ms
 */
export async function markDelivered(
  context: OrderContext,
  order: OrderRow,
  deliveredAt: number,
): Promise<OrderRow> {
  const changes = { delivered_at: deliveredAt };
  const delivered = await commitTransition(context, order, 'delivered', { changes });
  await context.onDelivered(order.card_id);
  return delivered;
}

/**
 * The platform does not know the order. If its orders are idempotent by number, the package is ordered
 * again under the same number. If not, a second attempt could deliver twice, so the order waits until its
 * absence proves that nothing was ordered.
 */
async function handleAbsent(
  context: OrderContext,
  order: OrderRow,
  { platform, deliveryRow }: DeliveryTarget,
  look: AbsentLook,
): Promise<OrderRow> {
  if (deliveryRow && order.state === 'deliveryUnknown') {
    const isProvenAbsent = await recordAbsence(context, deliveryRow, look);
    return isProvenAbsent
      ? commitTransition(context, order, 'deliveryFailed', { detail: 'neverOrdered' })
      : order;
  }
  const shouldResend = deliveryRow && order.state === 'delivering' && platform.idempotentOrders;
  return shouldResend && !isDeliveryOverdue(context, order)
    ? sendPackageOrder(context, order, platform)
    : markUnknownIfOverdue(context, order);
}

/** Whether a delivery has taken too long in the order's state. */
export function isDeliveryOverdue({ clock }: StoreAndClock, order: OrderRow): boolean {
  return clock() - order.state_since >= DELIVERY_TIMEOUT_MS;
}

async function markUnknownIfOverdue(context: OrderContext, order: OrderRow): Promise<OrderRow> {
  if (order.state === 'deliveryUnknown' || !isDeliveryOverdue(context, order)) return order;
  const now = context.clock();
  context.log.error({ order: order.number }, 'the outcome of a delivery is unknown');
  const changed = await context.store.transaction().execute(async (tx) => {
    const unknown = await transitionOrder(tx, order, 'deliveryUnknown', now);
    if (unknown) await raiseAlert(tx, { kind: 'deliveryUnknown', subject: order.id, now });
    return unknown;
  });
  return changed ?? order;
}
