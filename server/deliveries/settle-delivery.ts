import { raiseAlert } from '../alerts/alert-queries';
import { changeOrderState } from '../orders/order-queries';
import { ABSENCE_PROOF_MS, DELIVERY_PATIENCE_MS } from '../orders/order-state';
import type { Settlement, SettlementStep } from '../orders/settlement';
import { ask, settle } from '../orders/settlement';
import type { CardPlatform, DeliveryState, PlacedOrder } from '../platforms/ports';
import type { DeliveryRow, OrderRow } from '../store/schema';
import { findDelivery, noteHoldings } from './delivery-queries';
import { sendPackageOrder } from './order-package';
import { withPlatform } from './with-platform';

/** Asks the platform what became of a delivery; silence for too long makes it unknown, never failed. */
export const settleDelivery: SettlementStep = (settlement, order) =>
  withPlatform(settlement, order, async (platform) => {
    const ordered = await findDelivery(settlement.store, order.id);
    if (!isUnsent(platform, ordered)) return settleAnswer(settlement, order, { platform, ordered });
    // Where a person was called, they may be looking into it: nothing is ordered behind their back.
    return order.state === 'deliveryUnknown' || isOverdue(settlement, order)
      ? giveUpUnsent(settlement, order)
      : sendPackageOrder(settlement, order, platform);
  });

/** What is ordered and where; `ordered` is undefined where a platform delivers by being paid. */
interface Placement {
  platform: CardPlatform;
  ordered: DeliveryRow | undefined;
}

/** Where the card is looked at before anything is ordered, an order without that look was never sent. */
function isUnsent(platform: CardPlatform, ordered: DeliveryRow | undefined): boolean {
  return platform.holdings !== undefined && ordered?.held_before === null;
}

/** Writing the look down takes the right to order: whoever is still at it will not. */
async function giveUpUnsent(settlement: Settlement, order: OrderRow): Promise<OrderRow> {
  const detail = 'neverOrdered';
  const failed = await settlement.store.transaction().execute(async (tx) => {
    if (!(await noteHoldings(tx, order.id, detail))) return undefined;
    return changeOrderState(tx, order, 'deliveryFailed', settlement.clock(), { detail });
  });
  return failed ?? order;
}

async function settleAnswer(
  settlement: Settlement,
  order: OrderRow,
  placement: Placement,
): Promise<OrderRow> {
  const delivery = await askDelivery(settlement, order, placement);
  switch (delivery.state) {
    case 'delivered':
      return markDelivered(settlement, order, delivery.at);
    case 'failed':
      return settle(settlement, order, 'deliveryFailed', { detail: delivery.reason });
    case 'pending':
      return doubt(settlement, order);
    case 'absent':
      return settleAbsence(settlement, order, placement);
  }
}

/** What the platform says became of an order. @throws PlatformUnavailable */
export function askDelivery(
  settlement: Pick<Settlement, 'store' | 'clock'>,
  order: OrderRow,
  { platform, ordered }: Placement,
): Promise<DeliveryState> {
  const question = () => platform.delivery(placedOrder(order, ordered));
  return ask(settlement, order.id, 'delivery', question, (answer) =>
    answer.state === 'failed' ? `failed: ${answer.reason}` : answer.state,
  );
}

function placedOrder(order: OrderRow, ordered: DeliveryRow | undefined): PlacedOrder {
  return {
    orderNumber: order.number,
    cardRef: order.card_ref,
    packageId: order.package_id,
    effective: order.effective,
    reference: ordered?.reference ?? null,
    before: ordered?.held_before ?? null,
  };
}

/** The package is on the card. */
export async function markDelivered(
  settlement: Settlement,
  order: OrderRow,
  deliveredAt: number,
): Promise<OrderRow> {
  const changes = { delivered_at: deliveredAt };
  const delivered = await settle(settlement, order, 'delivered', { changes });
  await settlement.onDelivered(order.card_id);
  return delivered;
}

/**
 * The platform has no such order. Where it counts a number once, it is asked again under the same one;
 * where it does not, a second try could deliver twice, so only time can prove that nothing was ordered.
 */
async function settleAbsence(
  settlement: Settlement,
  order: OrderRow,
  { platform, ordered }: Placement,
): Promise<OrderRow> {
  if (ordered && order.state === 'deliveryUnknown') {
    const proven = settlement.clock() - order.state_since >= ABSENCE_PROOF_MS;
    if (proven) return settle(settlement, order, 'deliveryFailed', { detail: 'neverOrdered' });
  }
  const again = ordered && order.state === 'delivering' && platform.ordersOncePerNumber;
  return again && !isOverdue(settlement, order)
    ? sendPackageOrder(settlement, order, platform)
    : doubt(settlement, order);
}

function isOverdue({ clock }: Settlement, order: OrderRow): boolean {
  return clock() - order.state_since >= DELIVERY_PATIENCE_MS;
}

async function doubt(settlement: Settlement, order: OrderRow): Promise<OrderRow> {
  if (order.state === 'deliveryUnknown' || !isOverdue(settlement, order)) return order;
  const now = settlement.clock();
  settlement.log.error(
    { order: order.number },
    'a delivery is unknown; a person should look at it',
  );
  const changed = await settlement.store.transaction().execute(async (tx) => {
    const unknown = await changeOrderState(tx, order, 'deliveryUnknown', now);
    if (unknown) await raiseAlert(tx, { kind: 'deliveryUnknown', subject: order.id, now });
    return unknown;
  });
  return changed ?? order;
}
