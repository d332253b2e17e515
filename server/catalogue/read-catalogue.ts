import type { CardView } from '../cards/card-view';
import { ApiError } from '../lib/api-error';
import type { BackgroundTasks } from '../lib/background-tasks';
import type { ExpiringCache } from '../lib/expiring-cache';
import { createExpiringCache } from '../lib/expiring-cache';
import type { SingleFlight } from '../lib/single-flight';
import { createSingleFlight } from '../lib/single-flight';
import type { CardPlatforms } from '../platforms/card-platforms';
import { inTimeOrRefuse, orRefuse } from '../platforms/or-refuse';
import type { PlatformCatalogue } from '../platforms/ports';
import { priceOffers } from '../prices/price-offers';
import { updateUnreadableAlerts } from '../prices/unreadable-prices';
import type { Catalogue, PackageOffer } from '../prices/priced-offer';
import type { Store } from '../store/store';
import type { FindSettlementDay } from './settlement-days';

const CACHE_TTL_MS = 60_000;
/** How long a reader waits for a platform. The query goes on, and its result is cached. */
const WAIT_MS = 5_000;
const MAX_CACHED_CATALOGUES = 1_000;

/** The catalogues of the platforms and the queries in flight, by platform and card. */
export interface CatalogueState {
  catalogues: ExpiringCache<PlatformCatalogue>;
  inFlight: SingleFlight<PlatformCatalogue>;
}

export interface CatalogueContext {
  store: Store;
  /** Epoch ms. */
  clock: () => number;
  platforms: CardPlatforms;
  catalogueState: CatalogueState;
  findSettlementDay: FindSettlementDay;
  /** Queries that go on after the request was answered. */
  background: BackgroundTasks;
}

type CardOnPlatform = Pick<CardView, 'platform' | 'ref'>;

export function createCatalogueState(clock: () => number): CatalogueState {
  return {
    catalogues: createExpiringCache({ max: MAX_CACHED_CATALOGUES, ttlMs: CACHE_TTL_MS, clock }),
    inFlight: createSingleFlight(),
  };
}

async function readPlatformCatalogue(
  context: CatalogueContext,
  { platform: name, ref }: CardOnPlatform,
): Promise<PlatformCatalogue> {
  const { platforms, catalogueState } = context;
  const { catalogues, inFlight } = catalogueState;
  const platform = platforms.find(name);
  if (!platform) return { categories: [], offers: [] };
  const key = `${name}|${ref}`;
  const cached = catalogues.get(key);
  if (cached) return cached;
  return inFlight(key, async () => {
    const catalogue = await orRefuse(() => platform.packagesOnSale(ref));
    await updateUnreadableAlerts(context, name, catalogue);
    catalogues.set(key, catalogue);
    return catalogue;
  });
}

/**
 * The packages on sale for a card, at the prices that customers pay. What the platform sells is cached;
 * the shop's prices are not, so that a price set by staff applies at once.
 * @throws ApiError `platform.unavailable`, `platform.busy`
 */
export async function readCatalogue(
  context: CatalogueContext,
  card: CardOnPlatform,
): Promise<Catalogue> {
  const query = readPlatformCatalogue(context, card);
  context.background.add(query);
  const { categories, offers, omitted = [] } = await inTimeOrRefuse(query, WAIT_MS);
  return { categories, offers: await priceOffers(context, card.platform, offers), omitted };
}

/**
 * One package on sale for a card.
 * @throws ApiError `package.not_found`, `platform.unavailable`, `platform.busy`
 */
export async function readOffer(
  context: CatalogueContext,
  card: CardOnPlatform,
  packageId: string,
): Promise<PackageOffer> {
  const { offers } = await readCatalogue(context, card);
  const offer = offers.find(({ id }) => id === packageId);
  if (!offer) throw new ApiError('package.not_found');
  return offer;
}
