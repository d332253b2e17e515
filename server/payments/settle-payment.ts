import { formatYuan, fen } from '@shared/money';
import type { PaymentState } from '../platforms/ports';
import { changeOrderState } from '../orders/order-queries';
import type { Settlement, SettlementStep } from '../orders/settlement';
import { ask, describeOutcome, settle } from '../orders/settlement';
import { newId } from '../store/ids';
import type { OrderRow } from '../store/schema';

type Paid = Extract<PaymentState, { state: 'paid' }>;

/**
 * An order the channel has never heard of may be on its way there: a request sent before the customer
 * cancelled is answered, or given up, within this time. Closed earlier, it could still be paid.
 */
const STRAGGLER_MS = 60_000;

/** Why a payment is not simply taken as paid. */
export type ReviewReason =
  'paidAfterClose' | 'amountDiffers' | 'payerDiffers' | 'refundedAtChannel';

/**
 * Asks the payment channel about an order that can still be paid, or that was closed and got a
 * knock. What the channel says is the only proof of payment there is.
 */
export const settlePayment: SettlementStep = async (settlement, order) => {
  const payment = await queryPayment(settlement, order);
  switch (payment.state) {
    case 'paid':
      return takePayment(settlement, order, payment);
    case 'refunded':
      return settle(settlement, order, 'reviewing', {
        detail: 'refundedAtChannel' satisfies ReviewReason,
      });
    case 'closed':
      return close(settlement, order);
    case 'unpaid':
      return mustClose(settlement, order) ? closeAtChannel(settlement, order) : order;
    case 'absent':
      return mustClose(settlement, order, STRAGGLER_MS) ? closeAtChannel(settlement, order) : order;
  }
};

function queryPayment(settlement: Settlement, order: OrderRow): Promise<PaymentState> {
  return ask(
    settlement,
    order.id,
    'queryPayment',
    () => settlement.payments.queryPayment(order.number),
    (answer) => (answer.state === 'paid' ? `paid ¥${formatYuan(answer.amount)}` : answer.state),
  );
}

function mustClose({ clock }: Settlement, order: OrderRow, patienceMs = 0): boolean {
  if (order.state === 'closed') return false;
  return clock() >= (order.cancel_requested_at ?? order.pay_before) + patienceMs;
}

async function closeAtChannel(settlement: Settlement, order: OrderRow): Promise<OrderRow> {
  const result = await ask(
    settlement,
    order.id,
    'closePayment',
    () => settlement.payments.closePayment(order.number),
    describeOutcome,
  );
  if (result.outcome === 'done') return close(settlement, order);
  if (result.outcome === 'refused' && result.reason === 'alreadyPaid') {
    const payment = await queryPayment(settlement, order);
    if (payment.state === 'paid') return takePayment(settlement, order, payment);
  }
  return order;
}

function close(settlement: Settlement, order: OrderRow): Promise<OrderRow> {
  return order.state === 'closed' ? Promise.resolve(order) : settle(settlement, order, 'closed');
}

function reviewReason(order: OrderRow, payment: Paid): ReviewReason | undefined {
  if (order.state === 'closed') return 'paidAfterClose';
  if (payment.amount !== order.amount_fen) return 'amountDiffers';
  if (payment.openid !== null && payment.openid !== order.openid) return 'payerDiffers';
  return undefined;
}

/** Books what the channel took, beside what was asked; a difference goes to review. */
async function takePayment(
  { store, clock, payments }: Settlement,
  order: OrderRow,
  payment: Paid,
): Promise<OrderRow> {
  const reason = reviewReason(order, payment);
  const changed = await store.transaction().execute(async (tx) => {
    await tx
      .insertInto('captures')
      .values({
        id: newId(),
        order_id: order.id,
        channel: payments.name,
        transaction_id: payment.transactionId,
        amount_fen: payment.amount,
        paid_at: payment.paidAt,
      })
      .onConflict((conflict) => conflict.columns(['channel', 'transaction_id']).doNothing())
      .execute();
    return changeOrderState(tx, order, reason ? 'reviewing' : 'paid', clock(), {
      changes: { paid_at: payment.paidAt, transaction_id: payment.transactionId },
      detail: reason ?? null,
    });
  });
  return changed ?? order;
}

/** What the channel has taken for an order, as a sum over its captures. */
export async function capturedFen(store: Settlement['store'], orderId: string) {
  const { total } = await store
    .selectFrom('captures')
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('amount_fen'), eb.lit(0)).as('total'))
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  return fen(total);
}
