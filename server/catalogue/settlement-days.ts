import type { SettlementDay } from '@shared/billing-month';
import { carrierSettlementDays } from '@shared/billing-month';
import type { Carrier } from '@shared/carrier-status';

/** A package for a card. */
interface PackageOfCard {
  platform: string;
  carrier: Carrier;
  packageId: string;
}

/** The settlement day that applies to a package for a card. */
export type FindSettlementDay = (subject: PackageOfCard) => SettlementDay;

/**
 * The settlement days of the carriers, with the shop's exceptions.
 * @param exceptions by `<platform>/<package id>`, `<platform>:<carrier>` or platform; the first of them counts
 */
export function createSettlementDays(
  exceptions: ReadonlyMap<string, SettlementDay>,
): FindSettlementDay {
  return ({ platform, carrier, packageId }) =>
    exceptions.get(`${platform}/${packageId}`) ??
    exceptions.get(`${platform}:${carrier}`) ??
    exceptions.get(platform) ??
    carrierSettlementDays[carrier];
}
