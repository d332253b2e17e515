import type { Order } from '@shared/contract';
import type { OrderState } from '@shared/order-state';

/** What the payment sheet last reported for an order; `unknown` if it was not shown here. */
export type LastOutcome = 'done' | 'cancelled' | 'failed' | 'unknown';

/**
 * The phase of a purchase on its result page.
 * - unpaid: nothing was charged; the order can be paid or cancelled
 * - confirming: the payment sheet reported success, but the BFF has not confirmed the payment yet
 * - processing: paid and being delivered
 * - delivered
 * - ended: closed, refunded or being refunded, or handled by staff
 */
export type Phase = 'unpaid' | 'confirming' | 'processing' | 'delivered' | 'ended';

const phases: Readonly<Record<OrderState, Exclude<Phase, 'confirming'>>> = {
  created: 'unpaid',
  awaitingPayment: 'unpaid',
  paid: 'processing',
  delivering: 'processing',
  deliveryUnknown: 'processing',
  delivered: 'delivered',
  closed: 'ended',
  reviewing: 'ended',
  deliveryFailed: 'ended',
  refunding: 'ended',
  refunded: 'ended',
  refundFailed: 'ended',
};

/** The phase of a purchase. A success of the sheet only means that the BFF's confirmation is awaited. */
export function phaseOf(state: OrderState, outcome: LastOutcome): Phase {
  const phase = phases[state];
  return phase === 'unpaid' && outcome === 'done' ? 'confirming' : phase;
}

/** Orders in these states do not change any more without a user's action. */
const finalStates: readonly OrderState[] = ['delivered', 'closed', 'refunded'];

function isFinal(state: OrderState): boolean {
  return finalStates.includes(state);
}

const FAST_POLL_MS = 1_500;
const SLOW_POLL_MS = 5_000;
const IDLE_POLL_MS = 15_000;
/** A purchase that takes longer is reported as slow and polled less often. */
export const USUAL_DURATION_MS = 40_000;

/**
 * The delay until an order is polled again, in milliseconds; false once its state is final.
 * @param watchedMs how long the order has been polled already
 */
export function nextPollDelay(
  order: Pick<Order, 'state'>,
  outcome: LastOutcome,
  watchedMs: number,
): number | false {
  if (isFinal(order.state)) return false;
  const phase = phaseOf(order.state, outcome);
  // An unpaid order may still be paid on another device, or expire.
  if (phase === 'unpaid' || phase === 'ended') return IDLE_POLL_MS;
  return watchedMs < USUAL_DURATION_MS ? FAST_POLL_MS : SLOW_POLL_MS;
}
