import type { ExpiringCache } from '../lib/expiring-cache';
import { createExpiringCache } from '../lib/expiring-cache';
import type { SingleFlight } from '../lib/single-flight';
import { createSingleFlight } from '../lib/single-flight';
import type { OrderContext } from '../orders/order-context';
import type { OrderRow } from '../store/schema';

/** Calls without an answer are counted for this long after the latest one, longer than any check interval. */
const UNANSWERED_TTL_MS = 60 * 60_000;
const MAX_TRACKED_ORDERS = 10_000;

/** What it takes to advance orders, with the state that one process keeps about them. */
export interface FulfilmentContext extends OrderContext {
  /** Advances of orders that are in progress, by order id. */
  advances: SingleFlight<OrderRow | undefined>;
  /** How many checks in a row got no answer from a platform, by order id. */
  unansweredChecks: ExpiringCache<number>;
}

export function createFulfilmentContext(context: OrderContext): FulfilmentContext {
  const { clock } = context;
  return {
    ...context,
    advances: createSingleFlight(),
    unansweredChecks: createExpiringCache({
      max: MAX_TRACKED_ORDERS,
      ttlMs: UNANSWERED_TTL_MS,
      clock,
    }),
  };
}
