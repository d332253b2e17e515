import { readCardStatus } from '@shared/carrier-status';
import type { LocalizedText } from '@shared/language';
import type { CardView } from './card-view';
import { isPartKnown, unreadableFor } from './report-parts';

/** A delivery waits for packages that cannot be read for a moment, but not for an operation that is refused. */
const MAX_UNREADABLE_MS = 60 * 60_000;

export const statusUnknownText: LocalizedText = {
  'zh-CN': '暂时读不到这张卡的状态，读到后才能购买。请稍后刷新。',
  en: 'The status of this card cannot be read now. Refresh later to buy a package.',
};

const packagesUnknownText: LocalizedText = {
  'zh-CN': '暂时读不到这张卡已有的套餐，读到后才能购买。请稍后刷新。',
  en: 'The packages of this card cannot be read now. Refresh later to buy a package.',
};

/**
 * Why no package can be bought for a card now; undefined if one can. Nothing is sold on a guess: not without
 * a known status, and not without its packages on a platform where they are the evidence of a delivery. A
 * missing usage, real name or expiry date never blocks a purchase.
 */
export function cardBlock(view: CardView): LocalizedText | undefined {
  const { report, needsPackages } = view;
  if (!isPartKnown(view, 'status')) return statusUnknownText;
  const status = readCardStatus(report.carrier, report.carrierCode);
  if (!status.canBuy) return status.advice;
  const isEvidenceMissing = unreadableFor(view, 'packages') > MAX_UNREADABLE_MS;
  return needsPackages && isEvidenceMissing ? packagesUnknownText : undefined;
}
