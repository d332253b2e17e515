import type { Package } from '@shared/contract';
import type { Language, LocalizedText } from '@shared/language';
import type { PackageOffer } from '../prices/priced-offer';
import { rfc3339 } from '../lib/rfc3339';
import { packageValidity } from './package-validity';
import type { PurchaseEligibility } from './purchase-eligibility';
import { packageBlock } from './purchase-eligibility';

const kindTexts: Readonly<
  Record<PackageOffer['kind'], { label: LocalizedText; explanation: LocalizedText }>
> = {
  basic: {
    label: { 'zh-CN': '月套餐', en: 'Monthly' },
    explanation: {
      'zh-CN': '每月的主套餐，当月有效，月底清零。',
      en: 'The main package of a month. Unused data expires at the end of the month.',
    },
  },
  addOn: {
    label: { 'zh-CN': '叠加包', en: 'Add-on' },
    explanation: {
      'zh-CN': '在主套餐之外叠加使用，当月有效，月底清零。',
      en: 'Used on top of the main package. Unused data expires at the end of the month.',
    },
  },
  crossMonth: {
    label: { 'zh-CN': '跨月包', en: 'Multi-month' },
    explanation: {
      'zh-CN': '有效期内都可使用，跨月不清零。',
      en: 'Valid over several months. Unused data is kept at the end of a month.',
    },
  },
  bonus: {
    label: { 'zh-CN': '加餐包', en: 'Extra' },
    explanation: {
      'zh-CN': '临时补充流量，立即可用，当月有效。',
      en: 'Extra data for this month, usable immediately.',
    },
  },
};

/** Presents a package on sale for one card, at `now` (epoch ms). */
export function presentPackage(
  offer: PackageOffer,
  {
    eligibility,
    language,
    now,
  }: { eligibility: PurchaseEligibility; language: Language; now: number },
): Package {
  const texts = kindTexts[offer.kind];
  const block = packageBlock(offer, eligibility);
  return {
    id: offer.id,
    name: offer.name,
    kind: offer.kind,
    kindLabel: texts.label[language],
    explanation: texts.explanation[language],
    dataMb: offer.dataMb,
    priceFen: offer.price,
    effective: offer.effective.map((when) => {
      const { from, until } = packageValidity(when, offer.months, now);
      return { when, from: rfc3339(from), until: rfc3339(until) };
    }),
    canBuy: block === undefined,
    blockedReason: block?.[language] ?? null,
  };
}
