import type { DeliveryState } from '../platforms/ports';
import { DELIVERY_PATIENCE_MS } from '../orders/order-state';
import type { Settlement, SettlementStep } from '../orders/settlement';
import { ask, settle } from '../orders/settlement';
import type { OrderRow } from '../store/schema';

/** A paid order: the platform delivers what was paid by itself, so all there is to do is watch it. */
export const startDelivery: SettlementStep = (settlement, order) =>
  settle(settlement, order, 'delivering');

/** Asks the platform what became of a delivery; silence for too long makes it unknown, never failed. */
export const settleDelivery: SettlementStep = async (settlement, order) => {
  const delivery = await ask(
    settlement,
    order.id,
    'delivery',
    () => settlement.cards.delivery(order.number),
    describeDelivery,
  );
  switch (delivery.state) {
    case 'delivered': {
      const delivered = await settle(settlement, order, 'delivered', {
        changes: { delivered_at: delivery.at },
      });
      await settlement.onDelivered(order.card_id);
      return delivered;
    }
    case 'failed':
      return settle(settlement, order, 'deliveryFailed', { detail: delivery.reason });
    case 'pending':
    case 'absent':
      return doubt(settlement, order);
  }
};

function describeDelivery(delivery: DeliveryState): string {
  return delivery.state === 'failed' ? `failed: ${delivery.reason}` : delivery.state;
}

async function doubt(settlement: Settlement, order: OrderRow): Promise<OrderRow> {
  const { clock, log } = settlement;
  if (order.state === 'deliveryUnknown') {
    log.error({ order: order.number }, 'a delivery is still unknown; a person should look at it');
    return order;
  }
  const overdue = clock() - order.state_since >= DELIVERY_PATIENCE_MS;
  return overdue ? settle(settlement, order, 'deliveryUnknown') : order;
}
