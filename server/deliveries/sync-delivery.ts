import { raiseAlert } from '../alerts/alert-queries';
import { transitionOrder } from '../orders/order-queries';
import { ABSENCE_PROVEN_AFTER_MS, DELIVERY_TIMEOUT_MS } from '../orders/order-state';
import type { OrderContext, OrderStep } from '../orders/order-context';
import { loggedCall, commitTransition } from '../orders/order-context';
import type { CardPlatform, DeliveryState, PlacedOrder } from '../platforms/ports';
import type { DeliveryRow, OrderRow } from '../store/schema';
import { findDelivery, recordPackageSnapshot } from './delivery-queries';
import { sendPackageOrder } from './order-package';
import { withPlatform } from './with-platform';

/** Asks the platform what became of a delivery; silence for too long makes it unknown, never failed. */
export const syncDelivery: OrderStep = (context, order) =>
  withPlatform(context, order, async (platform) => {
    const deliveryRow = await findDelivery(context.store, order.id);
    if (!isUnsent(platform, deliveryRow))
      return applyDeliveryState(context, order, { platform, deliveryRow });
    // Where a person was called, they may be looking into it: nothing is ordered behind their back.
    return order.state === 'deliveryUnknown' || isOverdue(context, order)
      ? failUnsent(context, order)
      : sendPackageOrder(context, order, platform);
  });

/** What is ordered and where; `ordered` is undefined where a platform delivers by being paid. */
interface DeliveryTarget {
  platform: CardPlatform;
  deliveryRow: DeliveryRow | undefined;
}

/** Where the card is looked at before anything is ordered, an order without that look was never sent. */
function isUnsent(platform: CardPlatform, deliveryRow: DeliveryRow | undefined): boolean {
  return platform.packageSnapshot !== undefined && deliveryRow?.held_before === null;
}

/** Writing the look down takes the right to order: whoever is still at it will not. */
async function failUnsent(context: OrderContext, order: OrderRow): Promise<OrderRow> {
  const detail = 'neverOrdered';
  const failed = await context.store.transaction().execute(async (tx) => {
    if (!(await recordPackageSnapshot(tx, order.id, detail))) return undefined;
    return transitionOrder(tx, order, 'deliveryFailed', context.clock(), { detail });
  });
  return failed ?? order;
}

async function applyDeliveryState(
  context: OrderContext,
  order: OrderRow,
  target: DeliveryTarget,
): Promise<OrderRow> {
  const delivery = await queryDelivery(context, order, target);
  switch (delivery.state) {
    case 'delivered':
      return markDelivered(context, order, delivery.at);
    case 'failed':
      return commitTransition(context, order, 'deliveryFailed', { detail: delivery.reason });
    case 'pending':
      return markUnknownIfOverdue(context, order);
    case 'absent':
      return handleAbsent(context, order, target);
  }
}

/** What the platform says became of an order. @throws PlatformUnavailable */
export function queryDelivery(
  context: Pick<OrderContext, 'store' | 'clock'>,
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
    effective: order.effective,
    reference: deliveryRow?.reference ?? null,
    snapshotBefore: deliveryRow?.held_before ?? null,
  };
}

/** The package is on the card. */
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
 * The platform has no such order. Where it counts a number once, it is asked again under the same one;
 * where it does not, a second try could deliver twice, so only time can prove that nothing was ordered.
 */
async function handleAbsent(
  context: OrderContext,
  order: OrderRow,
  { platform, deliveryRow }: DeliveryTarget,
): Promise<OrderRow> {
  if (deliveryRow && order.state === 'deliveryUnknown') {
    const isProvenAbsent = context.clock() - order.state_since >= ABSENCE_PROVEN_AFTER_MS;
    if (isProvenAbsent)
      return commitTransition(context, order, 'deliveryFailed', { detail: 'neverOrdered' });
  }
  const shouldResend = deliveryRow && order.state === 'delivering' && platform.idempotentOrders;
  return shouldResend && !isOverdue(context, order)
    ? sendPackageOrder(context, order, platform)
    : markUnknownIfOverdue(context, order);
}

function isOverdue({ clock }: OrderContext, order: OrderRow): boolean {
  return clock() - order.state_since >= DELIVERY_TIMEOUT_MS;
}

async function markUnknownIfOverdue(context: OrderContext, order: OrderRow): Promise<OrderRow> {
  if (order.state === 'deliveryUnknown' || !isOverdue(context, order)) return order;
  const now = context.clock();
  context.log.error({ order: order.number }, 'a delivery is unknown; a person should look at it');
  const changed = await context.store.transaction().execute(async (tx) => {
    const unknown = await transitionOrder(tx, order, 'deliveryUnknown', now);
    if (unknown) await raiseAlert(tx, { kind: 'deliveryUnknown', subject: order.id, now });
    return unknown;
  });
  return changed ?? order;
}
