import { startOfBillingMonth } from '@shared/billing-month';
import { PlatformBusy } from './ports';
import type { OrderedStart, Outcome, PaymentOrder } from './ports';

/** A request sent this close before the end of a billing month could reach the platform after it. */
const MONTH_END_MS = 60_000;

/**
 * How a platform that takes only relative starts is asked now for the start that a customer ordered: the
 * current billing month or the next one.
 * @param now the platform's time, in epoch ms
 * @returns undefined if neither is the billing month that was ordered
 * @throws PlatformBusy if the current billing month is about to end
 */
export function effectiveAt(
  { effectiveFrom, settlementDay }: OrderedStart,
  now: number,
): 'now' | 'nextMonth' | undefined {
  const nextMonth = startOfBillingMonth(now, settlementDay, 1);
  if (nextMonth - now <= MONTH_END_MS) throw new PlatformBusy('the billing month is about to end');
  const ordered = startOfBillingMonth(effectiveFrom, settlementDay);
  if (ordered === startOfBillingMonth(now, settlementDay)) return 'now';
  return ordered === nextMonth ? 'nextMonth' : undefined;
}

/** The outcome of an order that is not sent, because the platform would start it in another month. */
export const monthPassed: Outcome<never, 'rejected'> = {
  outcome: 'refused',
  reason: 'rejected',
  message: 'not sent: the package can no longer start in the billing month that was ordered',
};

/**
 * The end of the time to pay at a platform that starts packages when they are paid, in epoch ms. If our clock is
 * ahead of the platform's, the order may be for its next billing month and must be paid before that begins.
 * @param now the platform's time, in epoch ms
 */
export function paymentEnd({ payBefore, settlementDay }: PaymentOrder, now: number): number {
  return Math.min(payBefore, startOfBillingMonth(now, settlementDay, 1) - MONTH_END_MS);
}
