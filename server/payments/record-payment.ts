import { raiseAlert } from '../alerts/alert-queries';
import { findCapture, insertCapture, listCaptures } from '../orders/capture-queries';
import type { OrderContext } from '../orders/order-context';
import { canTransition } from '../orders/order-state';
import { addOrderEvent, lockOrder, transitionOrder } from '../orders/transition-order';
import type { Payment } from '../platforms/ports';
import { insertRefund } from '../refunds/refund-queries';
import type { OrderRow } from '../store/schema';

const reviewReasons = [
  'paidAfterClose',
  'amountDiffers',
  'payerDiffers',
  'refundedAtChannel',
] as const;

/** Why a payment moves its order to `reviewing` instead of `paid`. */
export type ReviewReason = (typeof reviewReasons)[number];

export function isReviewReason(text: string): text is ReviewReason {
  return reviewReasons.some((reason) => reason === text);
}

function findReviewReason(order: OrderRow, payment: Payment): ReviewReason | undefined {
  if (order.state === 'closed') return 'paidAfterClose';
  if (payment.amount !== order.amount_fen) return 'amountDiffers';
  if (payment.openid !== null && payment.openid !== order.openid) return 'payerDiffers';
  return undefined;
}

/**
 * Records a payment that the channel confirmed. A payment that does not match its order moves the order to
 * `reviewing`; a second payment of an order is refunded.
 * @returns the order afterwards, or as it was read if another process changed it first
 */
export async function recordPayment(
  context: OrderContext,
  order: OrderRow,
  payment: Payment,
): Promise<OrderRow> {
  const { store } = context;
  const existingCapture = await findCapture(store, order.channel, payment.transactionId);
  if (existingCapture && existingCapture.order_id !== order.id)
    return rejectReusedTransaction(context, order);
  if (existingCapture) return order;
  const captures = await listCaptures(store, order.id);
  if (captures.length > 0) return refundDuplicatePayment(context, order, payment);
  return recordCapture(context, order, payment, findReviewReason(order, payment));
}

/** Records a payment that a person must review, whatever its amount. */
export async function recordPaymentForReview(
  context: OrderContext,
  order: OrderRow,
  payment: Payment,
  reason: ReviewReason,
): Promise<OrderRow> {
  const existingCapture = await findCapture(context.store, order.channel, payment.transactionId);
  return existingCapture ? order : recordCapture(context, order, payment, reason);
}

async function recordCapture(
  { store, clock }: OrderContext,
  order: OrderRow,
  payment: Payment,
  reason: ReviewReason | undefined,
): Promise<OrderRow> {
  const to = reason ? 'reviewing' : 'paid';
  // Only a fault of the channel could report a first payment after the order has moved on.
  if (!canTransition(order.state, to)) return order;
  const changed = await store.transaction().execute(async (tx) => {
    const transitioned = await transitionOrder(tx, order, to, clock(), {
      changes: { paid_at: payment.paidAt, transaction_id: payment.transactionId },
      detail: reason ?? null,
    });
    if (transitioned) await insertCapture(tx, order, payment);
    return transitioned;
  });
  return changed ?? order;
}

/** Records and refunds a second payment of an order, in whatever state the order is. */
async function refundDuplicatePayment(
  { store, clock }: OrderContext,
  order: OrderRow,
  payment: Payment,
): Promise<OrderRow> {
  const now = clock();
  await store.transaction().execute(async (tx) => {
    const locked = await lockOrder(tx, order);
    if (!locked) return;
    const capture = await insertCapture(tx, locked, payment);
    await addOrderEvent(tx, locked, { at: now, type: 'paidTwice', detail: payment.transactionId });
    await insertRefund(tx, locked, { capture, amount: payment.amount, reason: 'paidTwice', now });
  });
  return order;
}

/** The channel reports one transaction for two orders. The order stays as it is, and a person is called. */
async function rejectReusedTransaction(
  { store, clock, log }: OrderContext,
  order: OrderRow,
): Promise<OrderRow> {
  log.error({ order: order.number }, 'a transaction is already recorded for another order');
  const detail = 'transactionReused';
  await raiseAlert(store, { kind: 'paymentDiffers', subject: order.id, detail, now: clock() });
  return order;
}
