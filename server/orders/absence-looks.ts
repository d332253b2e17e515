import type { ExpiringCache } from '../lib/expiring-cache';
import { createExpiringCache } from '../lib/expiring-cache';

const MAX_TRACKED_ORDERS = 10_000;
const LOOK_TTL_MS = 60 * 60_000;

/** A look at a platform's list in which an order was missing. */
interface AbsenceLook {
  /** By the monotonic clock of this process. */
  at: number;
  /** How much absence the order's row had credited after the look, in ms. */
  absentMs: number;
}

/** The latest looks of this process, by order id. */
export type AbsenceLooks = ExpiringCache<AbsenceLook>;

export function createAbsenceLooks(monotonicClock: () => number): AbsenceLooks {
  return createExpiringCache({
    max: MAX_TRACKED_ORDERS,
    ttlMs: LOOK_TTL_MS,
    clock: monotonicClock,
  });
}
