import { fen } from '@shared/money';
import { changeOrderState } from '../orders/order-queries';
import type { Settlement, SettlementStep } from '../orders/settlement';
import { ask, describeOutcome, settle, OutcomeUnknown } from '../orders/settlement';
import { withGateway } from '../payments/with-gateway';
import type { OrderRow } from '../store/schema';
import { insertDelivery, noteDelivery } from './delivery-queries';

/**
 * A paid order. Where its platform was paid itself it delivers by itself, and all there is to do is
 * watch it; where not, the package is ordered now, once.
 */
export const startDelivery: SettlementStep = (settlement, order) =>
  withGateway(settlement, order, (gateway) =>
    gateway.delivers ? settle(settlement, order, 'delivering') : orderPackage(settlement, order),
  );

/** Only who won the change of state orders: the row it writes is there before anything is asked for. */
async function orderPackage(settlement: Settlement, order: OrderRow): Promise<OrderRow> {
  const { store, clock, cards } = settlement;
  const now = clock();
  const delivering = await store.transaction().execute(async (tx) => {
    const changed = await changeOrderState(tx, order, 'delivering', now);
    if (changed) {
      await insertDelivery(tx, { order_id: order.id, platform: cards.name, asked_at: now });
    }
    return changed;
  });
  return delivering ? sendPackageOrder(settlement, delivering) : order;
}

/** Orders the package of a paid order at its platform. An unknown outcome is settled by asking. */
export async function sendPackageOrder(settlement: Settlement, order: OrderRow): Promise<OrderRow> {
  const request = () =>
    settlement.cards.orderPackage({
      orderNumber: order.number,
      iccid: order.iccid,
      packageId: order.package_id,
      effective: order.effective,
      amount: fen(order.amount_fen),
    });
  const result = await ask(settlement, order.id, 'orderPackage', request, describeOutcome);
  if (result.outcome === 'refused') {
    await noteDelivery(settlement.store, order.id, 'refused');
    return settle(settlement, order, 'deliveryFailed', { detail: result.message });
  }
  const outcome = result.outcome === 'done' ? 'accepted' : 'unknown';
  await noteDelivery(settlement.store, order.id, outcome);
  if (result.outcome === 'unknown') throw new OutcomeUnknown(result.message);
  return order;
}
