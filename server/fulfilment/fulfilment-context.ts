import type { ExpiringCache } from '../lib/expiring-cache';
import { createExpiringCache } from '../lib/expiring-cache';
import type { SingleFlight } from '../lib/single-flight';
import { createSingleFlight } from '../lib/single-flight';
import type { OrderContext } from '../orders/order-context';
import type { OrderRow } from '../store/schema';

/** Checks without an answer are counted for this long after the latest one, longer than any check interval. */
const UNANSWERED_TTL_MS = 60 * 60_000;
/** Longer than any check interval. Without an entry, the order's last event tells the time of its state. */
const ANSWERED_TTL_MS = 60 * 60_000;
const MAX_TRACKED_ORDERS = 10_000;

/** What a process keeps in memory about orders that it advances, by order id. */
export interface FulfilmentState {
  /** Advances that are in progress. */
  advances: SingleFlight<OrderRow | undefined>;
  /** How many checks in a row got no answer from a platform. */
  unansweredChecks: ExpiringCache<number>;
  /** When a platform last answered about an order, epoch ms. */
  answeredAt: ExpiringCache<number>;
}

/** What it takes to advance orders. */
export interface FulfilmentContext extends OrderContext {
  fulfilmentState: FulfilmentState;
}

export function createFulfilmentState(clock: () => number): FulfilmentState {
  return {
    advances: createSingleFlight(),
    unansweredChecks: createExpiringCache({
      max: MAX_TRACKED_ORDERS,
      ttlMs: UNANSWERED_TTL_MS,
      clock,
    }),
    answeredAt: createExpiringCache({ max: MAX_TRACKED_ORDERS, ttlMs: ANSWERED_TTL_MS, clock }),
  };
}
