import { readCardStatus } from '@shared/carrier-status';
import type { LocalizedText } from '@shared/language';
import type { CardView } from '../cards/card-view';
import type { PackageOffer } from '../prices/priced-offer';

/** The facts about a card that decide which packages can be bought for it. */
export interface PurchaseEligibility {
  /** Whether the carrier status allows any purchase. */
  cardCanBuy: boolean;
  hasCurrentPackage: boolean;
}

/** Kinds that only add to a current package. */
const kindsNeedingCurrentPackage: readonly PackageOffer['kind'][] = ['addOn', 'bonus'];

const needsCurrentPackageText: LocalizedText = {
  'zh-CN': '需先有生效中的主套餐',
  en: 'Requires an active main package',
};

const cardBlockedText: LocalizedText = {
  'zh-CN': '卡片当前状态不能购买',
  en: "Not available in the card's current status",
};

export function purchaseEligibilityOf({ report }: Pick<CardView, 'report'>): PurchaseEligibility {
  return {
    cardCanBuy: readCardStatus(report.carrier, report.carrierCode).canBuy,
    hasCurrentPackage: report.packages.some(({ state }) => state === 'current'),
  };
}

/** Why a package cannot be bought now; undefined if it can. */
export function packageBlock(
  offer: PackageOffer,
  { cardCanBuy, hasCurrentPackage }: PurchaseEligibility,
): LocalizedText | undefined {
  if (!cardCanBuy) return cardBlockedText;
  if (kindsNeedingCurrentPackage.includes(offer.kind) && !hasCurrentPackage)
    return needsCurrentPackageText;
  return undefined;
}
