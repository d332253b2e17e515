import type { SettlementDay } from '@shared/billing-month';
import { endOfBillingMonth, startOfBillingMonth } from '@shared/billing-month';

/** When a package starts, relative to the time of the order, as customers choose it and platforms take it. */
export type Effective = 'now' | 'nextMonth';

/** The period in which a package is valid, in epoch ms. */
export interface Validity {
  when: Effective;
  from: number;
  until: number;
}

export interface Duration {
  /** The number of billing months, including the first. */
  months: number;
  settlementDay: SettlementDay;
}

/**
 * The period in which a package bought at `now` is valid. Carriers bill by months: a package of one month
 * that starts now ends with the current billing month, on whichever day it was bought.
 * @param now epoch ms
 */
export function packageValidity(
  when: Effective,
  { months, settlementDay }: Duration,
  now: number,
): Validity {
  const offset = when === 'nextMonth' ? 1 : 0;
  return {
    when,
    from: when === 'nextMonth' ? startOfBillingMonth(now, settlementDay, 1) : now,
    until: endOfBillingMonth(now, settlementDay, offset + months - 1),
  };
}
