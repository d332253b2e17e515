import type { Package } from '@shared/contract';
import type { SettlementDay } from '@shared/billing-month';
import type { Language } from '@shared/language';
import type { PackageOffer } from '../prices/priced-offer';
import { rfc3339 } from '../lib/rfc3339';
import { describeKind, warnOfEnd } from './package-texts';
import { packageValidity } from './package-validity';
import type { PurchaseEligibility } from './purchase-eligibility';
import { packageBlock } from './purchase-eligibility';

/** Presents a package on sale for one card, at `now` (epoch ms). */
export function presentPackage(
  offer: PackageOffer,
  {
    eligibility,
    settlementDay,
    language,
    now,
  }: {
    eligibility: PurchaseEligibility;
    settlementDay: SettlementDay;
    language: Language;
    now: number;
  },
): Package {
  const duration = { months: offer.months, settlementDay };
  const texts = describeKind(offer.kind, settlementDay);
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
      const validity = packageValidity(when, duration, now);
      const warning = warnOfEnd(validity, { offer, language, now });
      return { when, from: rfc3339(validity.from), until: rfc3339(validity.until), warning };
    }),
    canBuy: block === undefined,
    blockedReason: block?.[language] ?? null,
  };
}
