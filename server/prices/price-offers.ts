import { fen } from '@shared/money';
import type { PackageOffer } from './priced-offer';
import { raiseAlert, resolveAlertsOfKey } from '../alerts/alert-queries';
import type { PlatformOffer } from '../platforms/ports';
import type { PackagePriceRow } from '../store/schema';
import type { Store } from '../store/store';
import { findPrices, recordSeenPackages } from './price-queries';

/** What a platform leaves to the shop to price, is priced here. */
export interface PriceBook {
  /**
   * The offers that customers can buy, at what they pay: those of the platform's own price as they are,
   * the others at the shop's. What has no price yet, or costs the shop more, is not among them.
   */
  price(platform: string, offers: readonly PlatformOffer[]): Promise<PackageOffer[]>;
}

export function createPriceBook({
  store,
  clock,
}: {
  store: Store;
  clock: () => number;
}): PriceBook {
  /** Only what is new or has changed is written: a shelf is read often, and changes rarely. */
  async function recordChangedPackages(
    platform: string,
    offers: readonly PlatformOffer[],
    known: ReadonlyMap<string, PackagePriceRow>,
  ): Promise<void> {
    const changed = offers.filter(({ id, name, cost }) => {
      const row = known.get(id);
      return row?.name !== name || row.cost_fen !== cost;
    });
    const seen = changed.map(({ id, name, cost }) => ({
      ...{ platform, package_id: id, name, cost_fen: cost, seen_at: clock() },
    }));
    await recordSeenPackages(store, seen);
    for (const offer of changed) await updateBelowCostAlert(platform, offer, known.get(offer.id));
  }

  async function updateBelowCostAlert(
    platform: string,
    { id, cost }: PlatformOffer,
    row: PackagePriceRow | undefined,
  ): Promise<void> {
    const key = belowCostAlertKey(platform, id);
    const now = clock();
    if (isBelowCost(row?.price_fen ?? null, cost)) {
      await raiseAlert(store, { kind: 'priceBelowCost', subject: platform, key, detail: id, now });
    } else await resolveAlertsOfKey(store, key, now, ['priceBelowCost']);
  }

  async function applyShopPrices(
    platform: string,
    offers: readonly PlatformOffer[],
  ): Promise<PackageOffer[]> {
    if (offers.length === 0) return [];
    const ids = offers.map(({ id }) => id);
    const rows = await findPrices(store, platform, ids);
    const known = new Map(rows.map((row) => [row.package_id, row]));
    await recordChangedPackages(platform, offers, known);
    return offers.flatMap((offer) => {
      const price = known.get(offer.id)?.price_fen ?? null;
      return price === null || isBelowCost(price, offer.cost)
        ? []
        : [{ ...offer, price: fen(price) }];
    });
  }

  return {
    price: async (platform, offers) => {
      const unpriced = offers.filter(({ price }) => price === null);
      const priced = new Map(
        (await applyShopPrices(platform, unpriced)).map((offer) => [offer.id, offer]),
      );
      return offers.flatMap((offer) =>
        offer.price === null ? (priced.get(offer.id) ?? []) : [{ ...offer, price: offer.price }],
      );
    },
  };
}

/** What the alert about a package that would be sold at a loss is raised under. */
export function belowCostAlertKey(platform: string, packageId: string): string {
  return `${platform}|${packageId}`;
}

/** Whether a package would be sold for less than the shop pays for it. */
export function isBelowCost(price: number | null, cost: number | null): boolean {
  return price !== null && cost !== null && price < cost;
}
