import { readCardStatus } from '@shared/carrier-status';
import type { CardView } from '../cards/card-presenter';
import type { CardPlatform, Catalogue, PackageOffer } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import { isYounger } from '../age';
import { RequestRefused } from '../problem';
import type { Shopper } from './package-presenter';

const FRESH_MS = 60_000;
const MOST_KEPT = 1_000;

export interface CatalogueService {
  /** What is on sale for a card. @throws RequestRefused `platform.unavailable` */
  forCard(card: CardView): Promise<Catalogue>;
  /** One package on sale for a card. @throws RequestRefused `package.not_found`, `platform.unavailable` */
  offer(card: CardView, packageId: string): Promise<PackageOffer>;
}

/** Whether and what a card's holder can buy. */
export function shopperFor({ report }: CardView): Shopper {
  return {
    cardCanBuy: readCardStatus(report.carrier, report.carrierCode).canBuy,
    hasCurrentPackage: report.packages.some(({ state }) => state === 'current'),
  };
}

/** Asks the platform what it sells for a card, and keeps the answer for a minute. */
export function createCatalogueService({
  clock,
  platform,
}: {
  clock: () => number;
  platform: CardPlatform;
}): CatalogueService {
  const kept = new Map<string, { catalogue: Promise<Catalogue>; askedAt: number }>();

  async function ask(iccid: string): Promise<Catalogue> {
    try {
      return await platform.packagesOnSale(iccid);
    } catch (error) {
      kept.delete(iccid);
      if (!(error instanceof PlatformUnavailable)) throw error;
      throw new RequestRefused('platform.unavailable', { cause: error, retryAfterSeconds: 5 });
    }
  }

  function forCard({ report: { iccid } }: CardView): Promise<Catalogue> {
    const now = clock();
    const known = kept.get(iccid);
    if (known && isYounger(known.askedAt, FRESH_MS, now)) return known.catalogue;
    if (kept.size >= MOST_KEPT) kept.clear();
    const catalogue = ask(iccid);
    kept.set(iccid, { catalogue, askedAt: now });
    return catalogue;
  }

  return {
    forCard,
    offer: async (card, packageId) => {
      const { offers } = await forCard(card);
      const offer = offers.find(({ id }) => id === packageId);
      if (!offer) throw new RequestRefused('package.not_found');
      return offer;
    },
  };
}
