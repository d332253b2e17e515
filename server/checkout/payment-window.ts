import { startOfBillingMonth } from '@shared/billing-month';
import type { SettlementDay } from '@shared/billing-month';
import { ApiError } from '../lib/api-error';

/** How long an order can be paid, in ms. WeChat's prepay id is valid for two hours (JSAPI下单, prepay_id). */
const PAYMENT_WINDOW_MS = 30 * 60_000;
/** The least time to pay, in ms. WeChat refuses an order that expires within a minute (JSAPI下单, time_expire). */
const SHORTEST_WINDOW_MS = 2 * 60_000;
/**
 * Payments end this long before the billing month, in ms: what was paid is ordered within it, and nothing is
 * ordered in its last minute.
 */
const BEFORE_MONTH_END_MS = 2 * 60_000;

/**
 * Until when an order that is placed at `now` can be paid: not beyond the billing month, because the platforms
 * take only relative starts, so that a later payment would start the package in another month than was shown.
 * @param now epoch ms
 * @returns epoch ms
 * @throws ApiError `package.month_ending` if too little time is left to pay
 */
export function paymentDeadline(now: number, settlementDay: SettlementDay): number {
  const nextMonth = startOfBillingMonth(now, settlementDay, 1);
  const latest = nextMonth - BEFORE_MONTH_END_MS;
  if (latest - now < SHORTEST_WINDOW_MS) {
    const retryAfterSeconds = Math.ceil((nextMonth - now) / 1000);
    throw new ApiError('package.month_ending', { retryAfterSeconds });
  }
  return Math.min(now + PAYMENT_WINDOW_MS, latest);
}
