import type { Order } from '@shared/contract';
import type { OrderState } from '@shared/order-state';

/** What the payment sheet last said about an order; `unknown` where it was not shown here. */
export type LastOutcome = 'done' | 'cancelled' | 'failed' | 'unknown';

/**
 * Where a purchase is, as its result page tells it.
 * - unpaid: nothing was charged, it can be paid or cancelled
 * - confirming: the sheet says it is paid, the BFF cannot confirm it yet
 * - moving: paid, and on its way to the card
 * - delivered
 * - ended: closed or refunded, or staff are at it
 */
export type Phase = 'unpaid' | 'confirming' | 'moving' | 'delivered' | 'ended';

const phases: Readonly<Record<OrderState, Exclude<Phase, 'confirming'>>> = {
  created: 'unpaid',
  awaitingPayment: 'unpaid',
  paid: 'moving',
  delivering: 'moving',
  deliveryUnknown: 'moving',
  delivered: 'delivered',
  closed: 'ended',
  reviewing: 'ended',
  deliveryFailed: 'ended',
  refunding: 'ended',
  refunded: 'ended',
  refundFailed: 'ended',
};

/** Where a purchase is. The sheet's word counts only as a reason to wait for the BFF's. */
export function phaseOf(state: OrderState, outcome: LastOutcome): Phase {
  const phase = phases[state];
  return phase === 'unpaid' && outcome === 'done' ? 'confirming' : phase;
}

/** Nothing more will happen to orders in these states by themselves. */
const finalStates: readonly OrderState[] = ['delivered', 'closed', 'refunded'];

function isFinal(state: OrderState): boolean {
  return finalStates.includes(state);
}

const FAST_POLL_MS = 1_500;
const SLOW_POLL_MS = 5_000;
const IDLE_POLL_MS = 15_000;
/** What takes longer than this is told so, and asked about less often. */
export const USUAL_DURATION_MS = 40_000;

/**
 * How long to wait before asking about an order again; false once nothing more will happen.
 * @param watchedMs for how long it has been watched already
 */
export function nextPollDelay(
  order: Pick<Order, 'state'>,
  outcome: LastOutcome,
  watchedMs: number,
): number | false {
  if (isFinal(order.state)) return false;
  const phase = phaseOf(order.state, outcome);
  // An unpaid order may still be paid elsewhere, or close.
  if (phase === 'unpaid' || phase === 'ended') return IDLE_POLL_MS;
  return watchedMs < USUAL_DURATION_MS ? FAST_POLL_MS : SLOW_POLL_MS;
}
