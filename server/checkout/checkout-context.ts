import type { CardView } from '../cards/card-presenter';
import type { FulfilmentContext } from '../fulfilment/fulfilment-context';
import type { ExpiringCache } from '../lib/expiring-cache';
import { createExpiringCache } from '../lib/expiring-cache';
import type { PackageOffer } from '../prices/priced-offer';

/** How long a customer who reads an unsettled order gets it as stored, without a query to the platforms. */
const REFRESH_INTERVAL_MS = 1_000;
const MAX_TRACKED_ORDERS = 10_000;

/** What checkout needs of cards, catalogue and prices. */
interface Shop {
  /** A card that the user may buy for. @throws ApiError `card.not_found`, `platform.unavailable` */
  viewCard(userId: string, cardId: string): Promise<CardView>;
  /** A package on sale for a card. @throws ApiError `package.not_found`, `platform.unavailable` */
  findOffer(card: CardView, packageId: string): Promise<PackageOffer>;
  /**
   * Refuses a sale that the merchant's balance with the card platform does not cover.
   * @throws ApiError `package.not_in_stock`, `platform.unavailable`
   */
  assertBalanceCovers(sale: {
    platform: string;
    /** In fen; null if the platform does not name one. */
    cost: number | null;
    openOrderKey: string;
  }): Promise<void>;
}

/** What a process keeps in memory about orders that customers read. */
export interface CheckoutState {
  /** Orders that were refreshed by a reader a moment ago, by id. */
  recentRefreshes: ExpiringCache<true>;
}

/** What it takes to place, pay, cancel and read orders. */
export interface CheckoutContext extends FulfilmentContext {
  shop: Shop;
  checkoutState: CheckoutState;
}

export function createCheckoutState(clock: () => number): CheckoutState {
  return {
    recentRefreshes: createExpiringCache({
      max: MAX_TRACKED_ORDERS,
      ttlMs: REFRESH_INTERVAL_MS,
      clock,
    }),
  };
}
