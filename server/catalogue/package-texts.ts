import { beijingDate } from '@shared/beijing-time';
import { LAST_DAY_OF_MONTH } from '@shared/billing-month';
import type { SettlementDay } from '@shared/billing-month';
import type { Language, LocalizedText } from '@shared/language';
import type { PackageOffer } from '../prices/priced-offer';
import type { Validity } from './package-validity';

interface KindTexts {
  label: LocalizedText;
  explanation: LocalizedText;
}

/** What customers read about a kind of package, by the settlement day of its billing months. */
export function describeKind(kind: PackageOffer['kind'], settlementDay: SettlementDay): KindTexts {
  const isCalendarMonth = settlementDay === LAST_DAY_OF_MONTH;
  const day = String(settlementDay);
  const term = isCalendarMonth ? '当月有效，月底清零。' : `账期内有效，每月 ${day} 日清零。`;
  const expiry = isCalendarMonth
    ? 'Unused data expires at the end of the month.'
    : `Unused data expires after day ${day} of the month.`;
  switch (kind) {
    case 'basic':
      return {
        label: { 'zh-CN': '月套餐', en: 'Monthly' },
        explanation: {
          'zh-CN': `每月的主套餐，${term}`,
          en: `The main package of a month. ${expiry}`,
        },
      };
    case 'addOn':
      return {
        label: { 'zh-CN': '叠加包', en: 'Add-on' },
        explanation: {
          'zh-CN': `在主套餐之外叠加使用，${term}`,
          en: `Used on top of the main package. ${expiry}`,
        },
      };
    case 'crossMonth':
      return {
        label: { 'zh-CN': '跨月包', en: 'Multi-month' },
        explanation: {
          'zh-CN': '有效期内都可使用，跨月不清零。',
          en: 'Valid over several months. Unused data is kept at the end of a month.',
        },
      };
    case 'bonus':
      return {
        label: { 'zh-CN': '加餐包', en: 'Extra' },
        explanation: {
          'zh-CN': `临时补充流量，立即可用，${term}`,
          en: `Extra data, usable immediately. ${expiry}`,
        },
      };
  }
}

const DAY_MS = 24 * 60 * 60_000;
/** By the number of days until the last day of a package. A package with more days needs no warning. */
const lastDays: readonly LocalizedText[] = [
  { 'zh-CN': '今天', en: 'today' },
  { 'zh-CN': '明天', en: 'tomorrow' },
  { 'zh-CN': '后天', en: 'the day after tomorrow' },
];

/**
 * The warning that a package ends within a few days after it is bought; null if it does not.
 * @param now epoch ms
 */
export function warnOfEnd(
  { when, until }: Validity,
  { offer, language, now }: { offer: PackageOffer; language: Language; now: number },
): string | null {
  const lastDay = beijingDate(until);
  const daysLeft = (Date.parse(lastDay) - Date.parse(beijingDate(now))) / DAY_MS;
  const dayText = lastDays[daysLeft]?.[language];
  if (when !== 'now' || dayText === undefined) return null;
  const canWait = offer.effective.includes('nextMonth');
  if (language === 'en') {
    const advice = canWait ? ' If you do not need it now, let it start next month.' : '';
    return `Ends ${dayText} (${lastDay}) at midnight. Unused data is lost.${advice}`;
  }
  const advice = canWait ? '不急用的话，可以选“次月生效”。' : '';
  return `${dayText}（${lastDay}）24 点到期，没用完的流量会清零。${advice}`;
}
