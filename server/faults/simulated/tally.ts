import type { NotificationMishap } from './notifier';
import type { StoreMishap } from './store-mishap';
import type { Mishap } from './weather';

/** Everything that is counted of a schedule. */
export type Counted =
  | Mishap
  | NotificationMishap
  | StoreMishap
  | 'crash'
  | 'freeze'
  | 'clockJump'
  | 'revokedToken'
  | 'busy'
  | 'oddPayment'
  | 'doubleTap'
  | 'latePayment'
  | 'abandoned'
  | 'staffRefund'
  | 'resolved'
  | 'orders'
  | 'delivered'
  | 'refunded'
  | 'closed'
  | 'handedOver';

/** What is no fault but a figure of the run. */
export const figures: readonly Counted[] = [
  'orders',
  'delivered',
  'refunded',
  'closed',
  'handedOver',
  'abandoned',
  'staffRefund',
  'resolved',
];

export type Tally = Partial<Record<Counted, number>>;

export function addTo(tally: Tally, what: Counted, count = 1): void {
  tally[what] = (tally[what] ?? 0) + count;
}

/** Adds one tally to another. */
export function merge(into: Tally, from: Tally): void {
  for (const [what, count] of Object.entries(from)) addTo(into, what as Counted, count);
}
