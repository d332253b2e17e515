import { raiseAlert } from '../alerts/alert-queries';
import { changeOrderState } from '../orders/order-queries';
import { ABSENCE_PROOF_MS, DELIVERY_PATIENCE_MS } from '../orders/order-state';
import type { Settlement, SettlementStep } from '../orders/settlement';
import { ask, settle } from '../orders/settlement';
import type { DeliveryState } from '../platforms/ports';
import type { OrderRow } from '../store/schema';
import { findDelivery } from './delivery-queries';
import { sendPackageOrder } from './order-package';

/** Asks the platform what became of a delivery; silence for too long makes it unknown, never failed. */
export const settleDelivery: SettlementStep = async (settlement, order) => {
  const delivery = await askDelivery(settlement, order);
  switch (delivery.state) {
    case 'delivered':
      return markDelivered(settlement, order, delivery.at);
    case 'failed':
      return settle(settlement, order, 'deliveryFailed', { detail: delivery.reason });
    case 'pending':
      return doubt(settlement, order);
    case 'absent':
      return settleAbsence(settlement, order);
  }
};

/** What the platform says became of an order. @throws PlatformUnavailable */
export function askDelivery(settlement: Settlement, order: OrderRow): Promise<DeliveryState> {
  const question = () => settlement.cards.delivery(order.number);
  return ask(settlement, order.id, 'delivery', question, (answer) =>
    answer.state === 'failed' ? `failed: ${answer.reason}` : answer.state,
  );
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
async function settleAbsence(settlement: Settlement, order: OrderRow): Promise<OrderRow> {
  const ordered = await findDelivery(settlement.store, order.id);
  if (ordered && order.state === 'deliveryUnknown') {
    const proven = settlement.clock() - order.state_since >= ABSENCE_PROOF_MS;
    if (proven) return settle(settlement, order, 'deliveryFailed', { detail: 'neverOrdered' });
  }
  const again = ordered && order.state === 'delivering' && settlement.cards.ordersOncePerNumber;
  return again && !isOverdue(settlement, order)
    ? sendPackageOrder(settlement, order)
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
