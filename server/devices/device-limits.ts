import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../lib/api-error';

/** Keeps device ids from being walked through. */
export interface DeviceLimits {
  /** @throws ApiError `device.lookup_limited` */
  assertLookupAllowed(userId: string): Promise<void>;
  recordMiss(userId: string): Promise<void>;
  /** Counts a device that is tied to a card: looking at many in turn is walking, too. @throws as above */
  consumeBinding(userId: string): Promise<void>;
}

const MISSES = { points: 20, duration: 10 * 60 };
const BINDINGS = { points: 20, duration: 24 * 60 * 60 };

function limitError({ msBeforeNext }: RateLimiterRes): ApiError {
  const retryAfterSeconds = Math.ceil(msBeforeNext / 1000);
  return new ApiError('device.lookup_limited', { retryAfterSeconds });
}

/** Limits, for each person, how many wrong ids are tried and how many devices are tied. */
export function createDeviceLimits(): DeviceLimits {
  const misses = new RateLimiterMemory({ keyPrefix: 'device-misses', ...MISSES });
  const bindings = new RateLimiterMemory({ keyPrefix: 'device-ties', ...BINDINGS });
  return {
    assertLookupAllowed: async (userId) => {
      const usage = await misses.get(userId);
      if (usage && usage.consumedPoints >= MISSES.points) throw limitError(usage);
    },
    recordMiss: async (userId) => {
      await misses.penalty(userId);
    },
    consumeBinding: async (userId) => {
      try {
        await bindings.consume(userId);
      } catch (error) {
        throw error instanceof RateLimiterRes ? limitError(error) : error;
      }
    },
  };
}
