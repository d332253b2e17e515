import { raiseAlert } from '../alerts/alert-queries';
import { isDeliveryOverdue, markDelivered, queryDelivery } from '../deliveries/sync-delivery';
import { withPlatform } from '../deliveries/with-platform';
import type { OrderContext, OrderStep } from '../orders/order-context';
import { findLastOrderEvent } from '../orders/order-queries';
import type { ReviewReason } from '../payments/record-payment';
import { isReviewReason } from '../payments/record-payment';
import { withGateway } from '../payments/with-gateway';
import type { CardPlatform } from '../platforms/ports';
import { startRefund } from '../refunds/start-refund';
import type { OrderRow } from '../store/schema';

/**
 * Settles an order whose payment does not match it. If packages are ordered by us, nothing was ordered and
 * the payment is refunded. If the card platform itself was paid, it may deliver all the same, so its
 * delivery decides: what failed is refunded, and a delivery for another amount needs a person.
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
  // `absent` proves nothing yet: an order that was paid a moment ago may not be listed so soon.
  if (delivery.state === 'failed') return startRefund(context, order);
  return isDeliveryOverdue(context, order) ? raisePaymentAlert(context, order, reason) : order;
}

/** Why the order is reviewed: the detail of its latest `reviewing` event. */
async function readReviewReason({ store }: OrderContext, order: OrderRow): Promise<ReviewReason> {
  const event = await findLastOrderEvent(store, order.id, 'reviewing');
  return event?.detail != null && isReviewReason(event.detail) ? event.detail : 'amountDiffers';
}

async function raisePaymentAlert(
  { store, clock, log }: OrderContext,
  order: OrderRow,
  reason: ReviewReason,
): Promise<OrderRow> {
  log.error({ order: order.number, reason }, 'a payment does not match its order');
  await raiseAlert(store, {
    kind: 'paymentDiffers',
    subject: order.id,
    detail: reason,
    now: clock(),
  });
  return order;
}
