import { fen } from '@shared/money';
import { raiseAlert, resolveAlertsOfKey } from '../alerts/alert-queries';
import type { PlatformOffer } from '../platforms/ports';
import type { PackagePriceRow } from '../store/schema';
import type { Store } from '../store/store';
import { findPrices, recordSeenPackages } from './price-queries';
import type { PackageOffer } from './priced-offer';

export interface PriceContext {
  store: Store;
  /** Epoch ms. */
  clock: () => number;
}

/** The key of the alert about a package that would be sold below cost. */
export function belowCostAlertKey(platform: string, packageId: string): string {
  return `${platform}|${packageId}`;
}

/** Whether a package would be sold for less than it costs the shop. Amounts in fen; null: unknown. */
export function isBelowCost(price: number | null, cost: number | null): boolean {
  return price !== null && cost !== null && price < cost;
}

async function updateBelowCostAlert(
  { store, clock }: PriceContext,
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

/** Writes only what is new or has changed: catalogues are read often and change rarely. */
async function recordChangedPackages(
  context: PriceContext,
  platform: string,
  offers: readonly PlatformOffer[],
  known: ReadonlyMap<string, PackagePriceRow>,
): Promise<void> {
  const changed = offers.filter(({ id, name, cost }) => {
    const row = known.get(id);
    return row?.name !== name || row.cost_fen !== cost;
  });
  const seenAt = context.clock();
  const seen = changed.map(({ id, name, cost }) => ({
    platform,
    package_id: id,
    name,
    cost_fen: cost,
    seen_at: seenAt,
  }));
  await recordSeenPackages(context.store, seen);
  for (const offer of changed) {
    await updateBelowCostAlert(context, platform, offer, known.get(offer.id));
  }
}

async function applyShopPrices(
  context: PriceContext,
  platform: string,
  offers: readonly PlatformOffer[],
): Promise<PackageOffer[]> {
  if (offers.length === 0) return [];
  const ids = offers.map(({ id }) => id);
  const rows = await findPrices(context.store, platform, ids);
  const known = new Map(rows.map((row) => [row.package_id, row]));
  await recordChangedPackages(context, platform, offers, known);
  return offers.flatMap((offer) => {
    const price = known.get(offer.id)?.price_fen ?? null;
    return price === null || isBelowCost(price, offer.cost)
      ? []
      : [{ ...offer, price: fen(price) }];
  });
}

/**
 * The offers that customers can buy, at the prices that they pay: the platform's price if it sets one,
 * else the shop's. An offer without a price, or with one below cost, is left out.
 */
export async function priceOffers(
  context: PriceContext,
  platform: string,
  offers: readonly PlatformOffer[],
): Promise<PackageOffer[]> {
  const unpriced = offers.filter(({ price }) => price === null);
  const shopOffers = await applyShopPrices(context, platform, unpriced);
  const byId = new Map(shopOffers.map((offer) => [offer.id, offer]));
  return offers.flatMap((offer) =>
    offer.price === null ? (byId.get(offer.id) ?? []) : [{ ...offer, price: offer.price }],
  );
}
