import { formatYuan } from '@shared/money';
import type { Payment, PaymentGateway, PaymentState } from '../platforms/ports';
import type { Settlement, SettlementStep } from '../orders/settlement';
import { ask, describeOutcome, OutcomeUnknown, settle } from '../orders/settlement';
import type { OrderRow } from '../store/schema';
import { findCapture } from './captures';
import { reviewPayment, takePayment } from './take-payment';
import { withGateway } from './with-gateway';

/**
 * An order the channel has never heard of may be on its way there: a request sent before the customer
 * cancelled is answered, or given up, within this time. Closed earlier, it could still be paid.
 */
const STRAGGLER_MS = 60_000;

/**
 * Asks the payment channel about an order that can still be paid, or that was closed and is looked
 * after. What the channel says is the only proof of payment there is.
 */
export const settlePayment: SettlementStep = (settlement, order) =>
  withGateway(settlement, order, async (gateway) => {
    const payment = await queryPayment(settlement, gateway, order);
    switch (payment.state) {
      case 'paid':
        return takePayment(settlement, order, payment);
      case 'refunded':
        return reviewPayment(settlement, order, payment, 'refundedAtChannel');
      case 'closed':
        return close(settlement, order);
      case 'unpaid':
        return mustClose(settlement, order) ? closeAtChannel(settlement, gateway, order) : order;
      case 'absent':
        return mustClose(settlement, order, STRAGGLER_MS)
          ? closeAtChannel(settlement, gateway, order)
          : order;
    }
  });

function describePayment(answer: PaymentState): string {
  return answer.state === 'paid' || answer.state === 'refunded'
    ? `${answer.state} ¥${formatYuan(answer.amount)}`
    : answer.state;
}

function queryPayment(
  settlement: Settlement,
  gateway: PaymentGateway,
  order: OrderRow,
): Promise<PaymentState> {
  const question = () => gateway.queryPayment(order.number);
  return ask(settlement, order.id, 'queryPayment', question, describePayment);
}

function mustClose({ clock }: Settlement, order: OrderRow, patienceMs = 0): boolean {
  if (order.state === 'closed') return false;
  return clock() >= (order.cancel_requested_at ?? order.pay_before) + patienceMs;
}

/** @throws PlatformUnavailable where it is not known whether the channel closed it */
async function closeAtChannel(
  settlement: Settlement,
  gateway: PaymentGateway,
  order: OrderRow,
): Promise<OrderRow> {
  const request = () => gateway.closePayment(order.number);
  const result = await ask(settlement, order.id, 'closePayment', request, describeOutcome);
  if (result.outcome === 'done') return close(settlement, order);
  if (result.outcome === 'unknown') throw new OutcomeUnknown(result.message);
  if (result.reason !== 'alreadyPaid') return order;
  const payment = await queryPayment(settlement, gateway, order);
  return payment.state === 'paid' ? takePayment(settlement, order, payment) : order;
}

function close(settlement: Settlement, order: OrderRow): Promise<OrderRow> {
  return order.state === 'closed' ? Promise.resolve(order) : settle(settlement, order, 'closed');
}

/**
 * Books a payment that a signed notification named by its transaction, if it is not booked yet: an
 * order that is asked about by its number shows only one of two payments.
 * @returns whether nothing is left to book; false where somebody else changed the order meanwhile
 * @throws PlatformUnavailable
 */
export async function settleTransaction(
  settlement: Settlement,
  order: OrderRow,
  transactionId: string,
): Promise<boolean> {
  let isSettled = true;
  await withGateway(settlement, order, async (gateway) => {
    const question = async (): Promise<Payment | undefined> => {
      const payment = await gateway.queryTransaction?.(transactionId);
      return payment?.orderNumber === order.number ? payment : undefined;
    };
    const payment = await ask(settlement, order.id, 'queryTransaction', question, (answer) =>
      answer ? `paid ¥${formatYuan(answer.amount)}` : 'none for this order',
    );
    if (!payment) return order;
    const after = await takePayment(settlement, order, payment);
    const booked = await findCapture(settlement.store, order.channel, transactionId);
    isSettled = booked !== undefined;
    return after;
  });
  return isSettled;
}
