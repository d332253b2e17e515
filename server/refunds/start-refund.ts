import type { Transaction } from 'kysely';
import { raiseAlert } from '../alerts/alert-queries';
import { markDelivered, queryDelivery } from '../deliveries/sync-delivery';
import { withPlatform } from '../deliveries/with-platform';
import { transitionOrder, findLastOrderEvent } from '../orders/order-queries';
import { DELIVERY_TIMEOUT_MS } from '../orders/order-state';
import type { OrderContext, OrderStep } from '../orders/order-context';
import { listCaptures } from '../orders/capture-queries';
import type { ReviewReason } from '../payments/record-payment';
import { withGateway } from '../payments/with-gateway';
import type { CardPlatform } from '../platforms/ports';
import type { Database, OrderRow } from '../store/schema';
import { insertRefund, listRefunds, refundableFen } from './refund-queries';

/**
 * Gives back all that was taken for an order and is not on its way back yet.
 * @returns the order afterwards, or undefined if somebody else changed it first
 */
export async function refundInFull(
  tx: Transaction<Database>,
  order: OrderRow,
  { now, detail = null }: { now: number; detail?: string | null },
): Promise<OrderRow | undefined> {
  const refunding = await transitionOrder(tx, order, 'refunding', now, { detail });
  if (!refunding) return undefined;
  const existingRefunds = await listRefunds(tx, order.id);
  for (const capture of await listCaptures(tx, order.id)) {
    const amount = refundableFen(capture, existingRefunds);
    if (amount === 0) continue;
    await insertRefund(tx, refunding, { capture, amount, reason: order.state, now });
  }
  return refunding;
}

/** An order whose money goes back as a whole. */
export const startRefund: OrderStep = async ({ store, clock }, order) => {
  const now = clock();
  const changed = await store.transaction().execute((tx) => refundInFull(tx, order, { now }));
  return changed ?? order;
};

/**
 * A payment that does not fit its order. Where the package is ordered by us nothing was ordered, and
 * the money goes back. Where the platform was paid itself it may deliver all the same, so what it did
 * decides: what it has not delivered goes back, what it has is either right or a person's to judge.
 */
export const syncReview: OrderStep = (context, order) =>
  withGateway(context, order, async (gateway) => {
    const reason = await readReviewReason(context, order);
    if (reason === 'refundedAtChannel') return raisePaymentAlert(context, order, reason);
    if (!gateway.deliversOnPayment) return startRefund(context, order);
    return withPlatform(context, order, (platform) =>
      syncReviewByDelivery(context, order, { platform, reason }),
    );
  });

async function syncReviewByDelivery(
  context: OrderContext,
  order: OrderRow,
  { platform, reason }: { platform: CardPlatform; reason: ReviewReason },
): Promise<OrderRow> {
  const delivery = await queryDelivery(context, order, { platform, deliveryRow: undefined });
  if (delivery.state === 'delivered') {
    return reason === 'amountDiffers'
      ? raisePaymentAlert(context, order, reason)
      : markDelivered(context, order, delivery.at);
  }
  // Missing from its list is no word of the platform's: what was paid a moment ago may not be there yet.
  if (delivery.state === 'failed') return startRefund(context, order);
  const isOverdue = context.clock() - order.state_since >= DELIVERY_TIMEOUT_MS;
  return isOverdue ? raisePaymentAlert(context, order, reason) : order;
}

async function readReviewReason({ store }: OrderContext, order: OrderRow): Promise<ReviewReason> {
  const event = await findLastOrderEvent(store, order.id, 'reviewing');
  // Only `take-payment` writes it.
  return (event?.detail ?? 'amountDiffers') as ReviewReason;
}

async function raisePaymentAlert(
  { store, clock, log }: OrderContext,
  order: OrderRow,
  reason: ReviewReason,
): Promise<OrderRow> {
  log.error({ order: order.number, reason }, 'a payment does not fit; a person must look at it');
  const alert = { kind: 'paymentDiffers', subject: order.id, detail: reason } as const;
  await raiseAlert(store, { ...alert, now: clock() });
  return order;
}
