import type { CardContext } from '../cards/card-context';
import type { CatalogueContext } from '../catalogue/read-catalogue';
import type { FulfilmentContext } from '../fulfilment/fulfilment-context';
import type { ExpiringCache } from '../lib/expiring-cache';
import { createExpiringCache } from '../lib/expiring-cache';
import type { BalanceContext } from '../prices/shop-balance';
import type { OrderRow } from '../store/schema';

/** How long a customer who reads an unsettled order gets it as stored, without a query to the platforms. */
const REFRESH_INTERVAL_MS = 1_000;
const MAX_TRACKED_ORDERS = 10_000;

/** What a process keeps in memory about orders that customers read. */
export interface CheckoutState {
  /** The refreshes that readers started a moment ago, by order id; undefined if a platform did not answer. */
  recentRefreshes: ExpiringCache<Promise<OrderRow | undefined>>;
}

/** What it takes to place, pay, cancel and read orders. */
export interface CheckoutContext
  extends FulfilmentContext, CardContext, CatalogueContext, BalanceContext {
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
