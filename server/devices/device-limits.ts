import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../lib/api-error';

/** Rate limits for each user, so that device ids cannot be enumerated. */
export interface DeviceLimiters {
  /** How many ids are tried that match no device. */
  misses: RateLimiterMemory;
  /** How many devices are bound, since binding one after another is a way to enumerate them too. */
  bindings: RateLimiterMemory;
}

const MISSES = { points: 20, duration: 10 * 60 };
const BINDINGS = { points: 20, duration: 24 * 60 * 60 };

export function createDeviceLimiters(): DeviceLimiters {
  return {
    misses: new RateLimiterMemory({ keyPrefix: 'device-misses', ...MISSES }),
    bindings: new RateLimiterMemory({ keyPrefix: 'device-ties', ...BINDINGS }),
  };
}

function limitError({ msBeforeNext }: RateLimiterRes): ApiError {
  const retryAfterSeconds = Math.ceil(msBeforeNext / 1000);
  return new ApiError('device.lookup_limited', { retryAfterSeconds });
}

/**
 * Runs an action on a device, and counts it as a miss if the device was not found or is bound elsewhere.
 * @throws ApiError `device.lookup_limited` after too many misses, and what the action throws
 */
export async function countingMisses<Result>(
  { misses }: DeviceLimiters,
  userId: string,
  action: () => Promise<Result>,
): Promise<Result> {
  const usage = await misses.get(userId);
  if (usage && usage.consumedPoints >= misses.points) throw limitError(usage);
  try {
    return await action();
  } catch (error) {
    const isMiss =
      error instanceof ApiError &&
      (error.code === 'device.not_found' || error.code === 'device.tied_elsewhere');
    if (isMiss) await misses.penalty(userId);
    throw error;
  }
}

/** Counts the binding of a device. @throws ApiError `device.lookup_limited` */
export async function consumeBinding({ bindings }: DeviceLimiters, userId: string): Promise<void> {
  try {
    await bindings.consume(userId);
  } catch (error) {
    throw error instanceof RateLimiterRes ? limitError(error) : error;
  }
}
