import { createHash, timingSafeEqual } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { isYounger } from '../lib/age';
import { ApiError } from '../lib/api-error';
import type { CardRow } from '../store/schema';
import type { Store } from '../store/store';
import { findWalletCard } from './card-queries';

/** How long a proof stands: for the step after it, not for another day. */
const PROOF_TTL_MS = 10 * 60_000;
const WRONG_NUMBERS = { points: 5, duration: 15 * 60 };

/**
 * Proofs that a person has a card at hand, for what cannot be undone. ASSUMED to be proof enough: the whole
 * number printed on the card, typed again.
 */
export interface Possession {
  /** @throws ApiError `card.not_found`, `card.possession_wrong`, `card.possession_limited` */
  prove(userId: string, cardId: string, number: string): Promise<void>;
  /** @throws ApiError `card.possession_required` */
  assertProven(userId: string, cardId: string): Promise<void>;
}

/** Compared by digests of one length, in a time that says nothing of the texts. */
function isSameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** Whether a text is a whole number of the card: its ICCID, or what its platform calls it. */
function matchesCardNumber({ iccid, ref }: CardRow, typed: string): boolean {
  const text = typed.replace(/[\s-]/g, '').toUpperCase();
  const whole = [iccid ?? ref, ref].map((number) => isSameText(text, number.toUpperCase()));
  return whole.includes(true);
}

export function createPossession({
  store,
  clock,
}: {
  store: Store;
  clock: () => number;
}): Possession {
  const wrongNumbers = new RateLimiterMemory({ keyPrefix: 'possession', ...WRONG_NUMBERS });

  /** Counted before it is looked at, so that guesses made at once are counted as well. */
  async function consumeAttempt(userId: string): Promise<void> {
    const usage = await wrongNumbers.penalty(userId);
    if (usage.consumedPoints <= WRONG_NUMBERS.points) return;
    throw new ApiError('card.possession_limited', {
      retryAfterSeconds: Math.ceil(usage.msBeforeNext / 1000),
    });
  }

  async function recordProof(userId: string, cardId: string): Promise<void> {
    const now = clock();
    await store
      .insertInto('card_possessions')
      .values({ user_id: userId, card_id: cardId, proven_at: now })
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'card_id']).doUpdateSet({ proven_at: now }),
      )
      .execute();
  }

  return {
    async prove(userId, cardId, number) {
      const card = await findWalletCard(store, userId, cardId);
      if (!card) throw new ApiError('card.not_found');
      await consumeAttempt(userId);
      if (!matchesCardNumber(card, number)) throw new ApiError('card.possession_wrong');
      await wrongNumbers.reward(userId);
      await recordProof(userId, cardId);
    },
    async assertProven(userId, cardId) {
      const proof = await store
        .selectFrom('card_possessions')
        .select('proven_at')
        .where('user_id', '=', userId)
        .where('card_id', '=', cardId)
        .executeTakeFirst();
      if (proof && isYounger(proof.proven_at, PROOF_TTL_MS, clock())) return;
      throw new ApiError('card.possession_required');
    },
  };
}
