import type { NotificationFault } from './notifier';
import type { StoreFault } from './store-faults';
import type { NetworkFault } from './network-faults';

/** What is counted in a schedule. */
export type CounterName =
  | NetworkFault
  | NotificationFault
  | StoreFault
  | 'crash'
  | 'freeze'
  | 'pause'
  | 'platformClock'
  | 'tooLate'
  | 'clockJump'
  | 'revokedToken'
  | 'busy'
  | 'closedRefund'
  | 'consoleRefund'
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

/** Counters of results rather than faults. */
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

/** Adds counters to others. */
export function mergeCounters(into: Counters, from: Counters): void {
  for (const [what, count] of Object.entries(from)) increment(into, what as CounterName, count);
}
