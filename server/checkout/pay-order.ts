import type { PaymentParameters } from '@shared/contract';
import { fen } from '@shared/money';
import { ApiError } from '../lib/api-error';
import { describeOutcome } from '../orders/logged-call';
import { isPayableState } from '../orders/order-state';
import { commitTransition, setCancelRequest } from '../orders/transition-order';
import { startIntent, timelyCall } from '../orders/timely-call';
import type { Outcome, PaymentOrder } from '../platforms/ports';
import { PlatformBusy } from '../platforms/ports';
import type { OrderRow } from '../store/schema';
import type { CheckoutContext } from './checkout-context';
import { requireOwnOrder } from './own-order';
import { refreshOrder } from './refresh-order';

type UnknownOutcome = Extract<Outcome<never, never>, { outcome: 'unknown' }>;

/**
 * Requests what a client needs to pay an order of the user.
 * @throws ApiError as `startPayment`, and `order.not_found`
 */
export async function payOrder(
  context: CheckoutContext,
  { userId, orderId }: { userId: string; orderId: string },
): Promise<PaymentParameters> {
  // Refreshed first: the order may have been paid without our knowledge and must not be paid twice.
  const order = await refreshOrder(context, await requireOwnOrder(context, { userId, orderId }));
  return startPayment(context, order);
}

/**
 * Creates the payment of an order at its channel, which is idempotent by the order's number. Withdraws a
 * cancellation.
 * @throws ApiError `order.not_payable`, `order.already_paid`, `payment.unavailable`
 */
export async function startPayment(
  context: CheckoutContext,
  order: OrderRow,
): Promise<PaymentParameters> {
  const { clock, gateways } = context;
  const intent = startIntent(context);
  // Read again within the intent: the request must not reach the channel long after the order was closed.
  const { id: orderId, user_id: userId } = order;
  assertPayable(await requireOwnOrder(context, { userId, orderId }), clock());
  if (order.cancel_requested_at !== null) await setCancelRequest(context, order, 'withdraw');
  const gateway = gateways.find(order.channel);
  if (!gateway) throw new ApiError('order.not_payable', { orderId: order.id });
  const request = () => gateway.createPayment(toPaymentOrder(order));
  const call = { orderId, operation: 'createPayment', intent };
  const result = await timelyCall(context, call, request, describeOutcome).catch(toUnknown);
  switch (result.outcome) {
    case 'done':
      await markAwaitingPayment(context, order);
      return result.value;
    case 'unknown':
      throw new ApiError('payment.unavailable', { orderId: order.id, retryAfterSeconds: 3 });
    case 'refused':
      return handleRefusal(context, order, result.reason);
  }
}

/** A request that was not sent is answered as one without an answer: the customer may try again. */
function toUnknown(error: unknown): UnknownOutcome {
  if (error instanceof PlatformBusy) return { outcome: 'unknown', message: error.message };
  throw error;
}

/** @throws ApiError if the order can no longer be paid: it was closed while the channel answered */
async function markAwaitingPayment(context: CheckoutContext, order: OrderRow): Promise<void> {
  if (order.state === 'created') await commitTransition(context, order, 'awaitingPayment');
  const current = await requireOwnOrder(context, { userId: order.user_id, orderId: order.id });
  assertPayable(current, context.clock());
}

async function handleRefusal(
  context: CheckoutContext,
  order: OrderRow,
  reason: string,
): Promise<never> {
  // An order that the channel rejects must not block a new one for the same package.
  if (reason === 'rejected') await setCancelRequest(context, order, 'cancel');
  assertPayable(await refreshOrder(context, order), context.clock());
  throw new ApiError('order.not_payable', { orderId: order.id });
}

function assertPayable({ id: orderId, state, pay_before }: OrderRow, now: number): void {
  if (isPayableState(state) && now < pay_before) return;
  const isUnpaid = isPayableState(state) || state === 'closed';
  throw new ApiError(isUnpaid ? 'order.not_payable' : 'order.already_paid', { orderId });
}

function toPaymentOrder(order: OrderRow): PaymentOrder {
  return {
    orderNumber: order.number,
    cardRef: order.card_ref,
    packageId: order.package_id,
    packageName: order.package_name,
    effectiveFrom: order.effective_from,
    settlementDay: order.settlement_day,
    amount: fen(order.amount_fen),
    openid: order.openid,
    payBefore: order.pay_before,
  };
}
