import type { LocalizedText } from '@shared/language';
import type { CardView } from '../cards/card-view';
import { cardBlock } from '../cards/purchase-block';
import { isPartKnown } from '../cards/report-parts';
import type { PackageOffer } from '../prices/priced-offer';

/** The facts about a card that decide which packages can be bought for it. */
export interface PurchaseEligibility {
  /** Whether any package can be bought for the card. */
  cardCanBuy: boolean;
  /** Undefined if the card's packages are not known. */
  hasCurrentPackage: boolean | undefined;
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

const packagesUnknownText: LocalizedText = {
  'zh-CN': '暂时读不到已有的套餐，读到后才能购买',
  en: "Available once the card's packages can be read",
};

export function purchaseEligibilityOf(view: CardView): PurchaseEligibility {
  const hasCurrentPackage = view.report.packages.some(({ state }) => state === 'current');
  return {
    cardCanBuy: cardBlock(view) === undefined,
    hasCurrentPackage: isPartKnown(view, 'packages') ? hasCurrentPackage : undefined,
  };
}

/** Why a package cannot be bought now; undefined if it can. */
export function packageBlock(
  offer: PackageOffer,
  { cardCanBuy, hasCurrentPackage }: PurchaseEligibility,
): LocalizedText | undefined {
  if (!cardCanBuy) return cardBlockedText;
  if (!kindsNeedingCurrentPackage.includes(offer.kind)) return undefined;
  if (hasCurrentPackage === undefined) return packagesUnknownText;
  return hasCurrentPackage ? undefined : needsCurrentPackageText;
}
