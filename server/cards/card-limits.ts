import type { CardNumber } from '@shared/card-number';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../lib/api-error';
import { sha256 } from '../store/ids';

/** Keeps card numbers from being walked through. */
export interface LookupLimits {
  /** @throws ApiError `card.lookup_limited` */
  consumeLookup(userId: string, number: CardNumber): Promise<void>;
  recordMiss(userId: string): Promise<void>;
}

const DISTINCT_NUMBERS = { points: 300, duration: 60 * 60 };
const MISSES = { points: 30, duration: 10 * 60 };

/** Limits, for each person, how many different numbers are looked up and how many of them are wrong. */
export function createLookupLimits(): LookupLimits {
  const seen = new RateLimiterMemory({
    keyPrefix: 'seen',
    points: 1,
    duration: DISTINCT_NUMBERS.duration,
  });
  const distinct = new RateLimiterMemory({ keyPrefix: 'distinct', ...DISTINCT_NUMBERS });
  const misses = new RateLimiterMemory({ keyPrefix: 'misses', ...MISSES });

  async function assertNotLimited(limiter: RateLimiterMemory, userId: string) {
    const usage = await limiter.get(userId);
    if (usage && usage.consumedPoints >= limiter.points) throw limitError(usage);
  }

  return {
    consumeLookup: async (userId, number) => {
      await assertNotLimited(misses, userId);
      const key = sha256(`${userId}|${number.value}`);
      if (await seen.get(key)) return;
      try {
        await distinct.consume(userId);
      } catch (error) {
        throw error instanceof RateLimiterRes ? limitError(error) : error;
      }
      await seen.consume(key);
    },
    recordMiss: async (userId) => {
      await misses.penalty(userId);
    },
  };
}

function limitError({ msBeforeNext }: RateLimiterRes): ApiError {
  return new ApiError('card.lookup_limited', {
    retryAfterSeconds: Math.ceil(msBeforeNext / 1000),
  });
}
