import { startOfBeijingMonth } from './beijing-time';
import type { Carrier } from './carrier-status';

/**
 * The billing months of carriers in Beijing time. A billing month ends with its settlement day. No function
 * reads the clock.
 */

/** A day of the month, 1 to 28, or 31 for the last day of each month. */
export type SettlementDay = number;

/** The settlement day of carriers whose billing months are calendar months. */
export const LAST_DAY_OF_MONTH: SettlementDay = 31;

/**
 * The settlement day of each carrier's IoT cards (腾讯云 物联卡, 订购必读). Secondary sources: platforms may
 * agree on another day with a carrier.
 */
export const carrierSettlementDays: Readonly<Record<Carrier, SettlementDay>> = {
  mobile: LAST_DAY_OF_MONTH,
  telecom: LAST_DAY_OF_MONTH,
  unicom: 26,
  unknown: LAST_DAY_OF_MONTH,
};

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The first instant of the billing month that is `offset` billing months after that of `instant`, in epoch ms.
 * @param instant epoch ms
 */
export function startOfBillingMonth(
  instant: number,
  settlementDay: SettlementDay,
  offset = 0,
): number {
  if (settlementDay >= LAST_DAY_OF_MONTH) return startOfBeijingMonth(instant, offset);
  // Moved back by the settlement day, a billing month lies in one calendar month and begins with it.
  const shift = settlementDay * DAY_MS;
  return startOfBeijingMonth(instant - shift, offset) + shift;
}

/** The last millisecond of the billing month that is `offset` billing months after that of `instant`. */
export function endOfBillingMonth(
  instant: number,
  settlementDay: SettlementDay,
  offset = 0,
): number {
  return startOfBillingMonth(instant, settlementDay, offset + 1) - 1;
}
