import { readCardStatus } from '@shared/carrier-status';
import type { CardPlatforms } from '../platforms/card-platforms';
import type { CardView } from '../cards/card-presenter';
import type { PlatformCatalogue } from '../platforms/ports';
import { isYounger } from '../lib/age';
import { orRefuse } from '../platforms/or-refuse';
import type { PriceBook } from '../prices/price-book';
import { ApiError } from '../lib/api-error';
import type { PackageOffer, Catalogue } from '../prices/priced-offer';
import type { PurchaseEligibility } from './package-presenter';

const CACHE_TTL_MS = 60_000;
const MAX_CACHE_ENTRIES = 1_000;

/** Whose shelf is looked at. */
type CardOnPlatform = Pick<CardView, 'platform' | 'ref'>;

export interface CatalogueService {
  /** What is on sale for a card. @throws ApiError `platform.unavailable` */
  forCard(card: CardOnPlatform): Promise<Catalogue>;
  /** One package on sale for a card. @throws ApiError `package.not_found`, `platform.unavailable` */
  offer(card: CardOnPlatform, packageId: string): Promise<PackageOffer>;
}

/** Whether and what a card's holder can buy. */
export function purchaseEligibilityOf({ report }: CardView): PurchaseEligibility {
  return {
    cardCanBuy: readCardStatus(report.carrier, report.carrierCode).canBuy,
    hasCurrentPackage: report.packages.some(({ state }) => state === 'current'),
  };
}

/** Asks the platform what it sells for a card, and keeps the answer for a minute. */
export function createCatalogueService({
  clock,
  platforms,
  prices,
}: {
  clock: () => number;
  platforms: CardPlatforms;
  prices: PriceBook;
}): CatalogueService {
  const cache = new Map<string, { catalogue: Promise<PlatformCatalogue>; requestedAt: number }>();

  async function fetchCatalogue(
    { platform: name, ref }: CardOnPlatform,
    key: string,
  ): Promise<PlatformCatalogue> {
    const platform = platforms.find(name);
    if (!platform) return { categories: [], offers: [] };
    try {
      return await orRefuse(() => platform.packagesOnSale(ref));
    } catch (error) {
      cache.delete(key);
      throw error;
    }
  }

  function readCatalogue(card: CardOnPlatform): Promise<PlatformCatalogue> {
    const key = `${card.platform}|${card.ref}`;
    const now = clock();
    const cached = cache.get(key);
    if (cached && isYounger(cached.requestedAt, CACHE_TTL_MS, now)) return cached.catalogue;
    if (cache.size >= MAX_CACHE_ENTRIES) cache.clear();
    const catalogue = fetchCatalogue(card, key);
    cache.set(key, { catalogue, requestedAt: now });
    return catalogue;
  }

  /** Prices are read each time: what staff change holds at once. */
  async function forCard(card: CardOnPlatform): Promise<Catalogue> {
    const { categories, offers } = await readCatalogue(card);
    return { categories, offers: await prices.price(card.platform, offers) };
  }

  return {
    forCard,
    offer: async (card, packageId) => {
      const { offers } = await forCard(card);
      const offer = offers.find(({ id }) => id === packageId);
      if (!offer) throw new ApiError('package.not_found');
      return offer;
    },
  };
}
