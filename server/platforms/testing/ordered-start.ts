import { beijingDate } from '@shared/beijing-time';
import { startOfBillingMonth } from '@shared/billing-month';
import type { OrderedStart } from '../ports';

/**
 * The start of an order that is placed at `now` (epoch ms), by billing months that do not end on that day: no
 * order is sent to a platform just before the end of one.
 */
export function orderedStart(when: 'now' | 'nextMonth', now = Date.now()): OrderedStart {
  const settlementDay = beijingDate(now).endsWith('-15') ? 28 : 15;
  const effectiveFrom = when === 'now' ? now : startOfBillingMonth(now, settlementDay, 1);
  return { effectiveFrom, settlementDay };
}
