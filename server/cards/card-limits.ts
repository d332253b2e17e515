import { iccidKey } from '@shared/card-number';
import type { CardNumber } from '@shared/card-number';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../lib/api-error';
import { sha256 } from '../store/ids';

/** Rate limits for each user, so that card numbers cannot be enumerated or guessed. */
export interface CardLimiters {
  /** The numbers that a user has looked up already. */
  seen: RateLimiterMemory;
  /** How many different numbers a user looks up. */
  distinct: RateLimiterMemory;
  /** How many of them match no card. */
  misses: RateLimiterMemory;
  /** How many wrong numbers a user enters as a proof of possession. */
  wrongProofs: RateLimiterMemory;
}

const DISTINCT_NUMBERS = { points: 300, duration: 60 * 60 };
const MISSES = { points: 30, duration: 10 * 60 };
const WRONG_PROOFS = { points: 5, duration: 15 * 60 };

export function createCardLimiters(): CardLimiters {
  return {
    seen: new RateLimiterMemory({
      keyPrefix: 'seen',
      points: 1,
      duration: DISTINCT_NUMBERS.duration,
    }),
    distinct: new RateLimiterMemory({ keyPrefix: 'distinct', ...DISTINCT_NUMBERS }),
    misses: new RateLimiterMemory({ keyPrefix: 'misses', ...MISSES }),
    wrongProofs: new RateLimiterMemory({ keyPrefix: 'possession', ...WRONG_PROOFS }),
  };
}

type LimitCode = 'card.lookup_limited' | 'card.possession_limited';

function limitError(code: LimitCode, { msBeforeNext }: RateLimiterRes): ApiError {
  return new ApiError(code, { retryAfterSeconds: Math.ceil(msBeforeNext / 1000) });
}

/** Counts a look-up; a number that was looked up before is free. @throws ApiError `card.lookup_limited` */
export async function consumeLookup(
  { seen, distinct, misses }: CardLimiters,
  userId: string,
  number: CardNumber,
): Promise<void> {
  const missed = await misses.get(userId);
  if (missed && missed.consumedPoints >= misses.points)
    throw limitError('card.lookup_limited', missed);
  const key = sha256(
    `${userId}|${number.kind === 'iccid' ? iccidKey(number.value) : number.value}`,
  );
  if (await seen.get(key)) return;
  try {
    await distinct.consume(userId);
  } catch (error) {
    throw error instanceof RateLimiterRes ? limitError('card.lookup_limited', error) : error;
  }
  await seen.consume(key);
}

/** Counts a look-up that matched no card. */
export async function recordMiss({ misses }: CardLimiters, userId: string): Promise<void> {
  await misses.penalty(userId);
}

/**
 * Counts an attempt to prove possession before it is checked, so that concurrent guesses are counted too.
 * @throws ApiError `card.possession_limited`
 */
export async function consumeProofAttempt(
  { wrongProofs }: CardLimiters,
  userId: string,
): Promise<void> {
  const usage = await wrongProofs.penalty(userId);
  if (usage.consumedPoints > wrongProofs.points) throw limitError('card.possession_limited', usage);
}

/** Takes back the attempt, which was not a wrong one. */
export async function releaseProofAttempt(
  { wrongProofs }: CardLimiters,
  userId: string,
): Promise<void> {
  await wrongProofs.reward(userId);
}
