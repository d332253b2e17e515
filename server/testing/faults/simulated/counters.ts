import type { NotificationFault } from './notifier';
import type { StoreFault } from './store-faults';
import type { NetworkFault } from './network-faults';

/** Everything that is counted of a schedule. */
export type CounterName =
  | NetworkFault
  | NotificationFault
  | StoreFault
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
export const outcomeCounters: readonly CounterName[] = [
  'orders',
  'delivered',
  'refunded',
  'closed',
  'handedOver',
  'abandoned',
  'staffRefund',
  'resolved',
];

export type Counters = Partial<Record<CounterName, number>>;

export function increment(counters: Counters, what: CounterName, count = 1): void {
  counters[what] = (counters[what] ?? 0) + count;
}

/** Adds one tally to another. */
export function mergeCounters(into: Counters, from: Counters): void {
  for (const [what, count] of Object.entries(from)) increment(into, what as CounterName, count);
}
