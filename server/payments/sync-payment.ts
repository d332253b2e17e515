import { formatYuan } from '@shared/money';
import { findCapture } from '../orders/capture-queries';
import { describeOutcome, loggedCall, OutcomeUnknown } from '../orders/logged-call';
import type { OrderContext, OrderStep } from '../orders/order-context';
import { commitTransition } from '../orders/transition-order';
import type { Payment, PaymentGateway, PaymentState } from '../platforms/ports';
import type { OrderRow } from '../store/schema';
import { recordPayment, recordPaymentForReview } from './record-payment';
import { withGateway } from './with-gateway';

/**
 * An order that the channel does not know may still reach it: a request sent before the customer cancelled
 * is answered or times out within this time. If the order were closed earlier, it could still be paid.
 */
const LATE_REQUEST_MS = 60_000;

/**
 * Queries the payment channel about an order that can still be paid, or that was closed a short time ago.
 * The channel's answer is the only proof of payment.
 */
export const syncPayment: OrderStep = (context, order) =>
  withGateway(context, order, async (gateway) => {
    const payment = await queryPayment(context, gateway, order);
    switch (payment.state) {
      case 'paid':
        return recordPayment(context, order, payment);
      case 'refunded':
        return recordPaymentForReview(context, order, payment, 'refundedAtChannel');
      case 'closed':
        return markClosed(context, order);
      case 'unpaid':
        return shouldClose(context, order) ? closeAtChannel(context, gateway, order) : order;
      case 'absent':
        return shouldClose(context, order, LATE_REQUEST_MS)
          ? closeAtChannel(context, gateway, order)
          : order;
    }
  });

function describePayment(answer: PaymentState): string {
  return answer.state === 'paid' || answer.state === 'refunded'
    ? `${answer.state} ¥${formatYuan(answer.amount)}`
    : answer.state;
}

function queryPayment(
  context: OrderContext,
  gateway: PaymentGateway,
  order: OrderRow,
): Promise<PaymentState> {
  const call = () => gateway.queryPayment(order.number);
  return loggedCall(context, order.id, 'queryPayment', call, describePayment);
}

function shouldClose({ clock }: OrderContext, order: OrderRow, graceMs = 0): boolean {
  if (order.state === 'closed') return false;
  return clock() >= (order.cancel_requested_at ?? order.pay_before) + graceMs;
}

/** @throws OutcomeUnknown if the channel does not say whether it closed the order */
async function closeAtChannel(
  context: OrderContext,
  gateway: PaymentGateway,
  order: OrderRow,
): Promise<OrderRow> {
  const request = () => gateway.closePayment(order.number);
  const result = await loggedCall(context, order.id, 'closePayment', request, describeOutcome);
  if (result.outcome === 'done') return markClosed(context, order);
  if (result.outcome === 'unknown') throw new OutcomeUnknown(result.message);
  if (result.reason !== 'alreadyPaid') return order;
  const payment = await queryPayment(context, gateway, order);
  return payment.state === 'paid' ? recordPayment(context, order, payment) : order;
}

function markClosed(context: OrderContext, order: OrderRow): Promise<OrderRow> {
  return order.state === 'closed'
    ? Promise.resolve(order)
    : commitTransition(context, order, 'closed');
}

/**
 * Records the payment of a transaction that a notification named, if it is not recorded yet. A query by
 * order number returns only one of two payments.
 * @returns whether nothing is left to record; false if another process changed the order meanwhile
 * @throws PlatformUnavailable if the channel does not answer
 */
export async function syncTransaction(
  context: OrderContext,
  order: OrderRow,
  transactionId: string,
): Promise<boolean> {
  let isRecorded = true;
  await withGateway(context, order, async (gateway) => {
    const call = async (): Promise<Payment | undefined> => {
      const payment = await gateway.queryTransaction?.(transactionId);
      return payment?.orderNumber === order.number ? payment : undefined;
    };
    const payment = await loggedCall(context, order.id, 'queryTransaction', call, (answer) =>
      answer ? `paid ¥${formatYuan(answer.amount)}` : 'none for this order',
    );
    if (!payment) return order;
    const after = await recordPayment(context, order, payment);
    const capture = await findCapture(context.store, order.channel, transactionId);
    isRecorded = capture !== undefined;
    return after;
  });
  return isRecorded;
}
