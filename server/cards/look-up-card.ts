import type { CardNumber, CardNumberProblem } from '@shared/card-number';
import { readCardNumber } from '@shared/card-number';
import { carriers } from '@shared/carrier-status';
import type { ErrorCode } from '@shared/error-codes';
import { ApiError } from '../lib/api-error';
import { orRefuse } from '../platforms/or-refuse';
import type { CardRow } from '../store/schema';
import type { CardContext } from './card-context';
import { consumeLookup, recordMiss } from './card-limits';
import type { CardOfUser } from './card-queries';
import { findKnownCards, upsertCard, upsertSeenCards } from './card-queries';
import type { CardView } from './card-view';
import type { FoundCard } from './find-cards';
import { findCards } from './find-cards';
import { loadListedCardView, requireCardOfUser, viewCardForStaff } from './view-card';

const problemCodes = {
  none: 'card.number_invalid',
  tooLong: 'card.number_invalid',
  several: 'card.number_several',
  otherNumber: 'card.number_other',
} as const satisfies Record<CardNumberProblem, ErrorCode>;

/** @throws ApiError `card.number_invalid`, `card.number_several`, `card.number_other` */
function requireCardNumber(input: string): CardNumber {
  const read = readCardNumber(input);
  if (typeof read === 'string') throw new ApiError(problemCodes[read]);
  return read;
}

/** The cards that a search found, and the platforms that did not answer it. */
interface FoundCards {
  found: FoundCard[];
  unansweredPlatforms: string[];
}

/** A stored card, as a search would have found it. */
function toFoundCard({ platform, ref, iccid, access_number, carrier }: CardRow): FoundCard {
  const known = carriers.find((each) => each === carrier) ?? 'unknown';
  return { platform, card: { ref, iccid, accessNumber: access_number, carrier: known } };
}

/**
 * Finds the cards that a number means. Of a platform that does not answer, the cards are found that are
 * known here; for a customer, those that the customer has seen.
 * @throws ApiError `platform.unavailable`, `platform.busy` if no card was found and not every platform
 *   answered
 */
async function searchCards(
  context: CardContext,
  number: CardNumber,
  userId?: string,
): Promise<FoundCards> {
  const { found, unanswered, fault } = await findCards(context, number);
  const known =
    unanswered.length === 0
      ? []
      : await findKnownCards(context.store, { platforms: unanswered, number, userId });
  const all = [...found, ...known.map(toFoundCard)];
  if (all.length === 0 && fault) await orRefuse(() => Promise.reject(fault));
  return { found: all, unansweredPlatforms: unanswered };
}

/**
 * Finds the cards that a number means. The user may read them by their ids from then on.
 * @throws ApiError `card.number_*`, `card.not_found`, `card.lookup_limited`,
 *   `platform.unavailable`, `platform.busy`
 */
export async function findCardsForUser(
  context: CardContext,
  userId: string,
  input: string,
): Promise<{ cards: CardOfUser[]; unansweredPlatforms: string[] }> {
  const { store, clock, cardState } = context;
  const number = requireCardNumber(input);
  await consumeLookup(cardState.limiters, userId, number);
  const { found, unansweredPlatforms } = await searchCards(context, number, userId);
  if (found.length === 0) {
    await recordMiss(cardState.limiters, userId);
    throw new ApiError('card.not_found');
  }
  const ids = await upsertSeenCards(store, userId, found, clock());
  const cards = await Promise.all(ids.map((id) => requireCardOfUser(context, userId, id)));
  return { cards, unansweredPlatforms };
}

/** The cards that a number means, and the platforms that did not answer. */
export interface FoundViews {
  views: CardView[];
  unansweredPlatforms: string[];
}

/** The cards that a number means, for a customer. @throws ApiError as `findCardsForUser` */
export async function lookUpCards(
  context: CardContext,
  userId: string,
  number: string,
): Promise<FoundViews> {
  const { cards, unansweredPlatforms } = await findCardsForUser(context, userId, number);
  const views = await Promise.all(cards.map((card) => loadListedCardView(context, card)));
  return { views, unansweredPlatforms };
}

/**
 * The cards that a number means, for staff: without rate limits.
 * @throws ApiError `card.number_*`, `card.not_found`, `platform.unavailable`, `platform.busy`
 */
export async function lookUpCardsForStaff(
  context: CardContext,
  input: string,
): Promise<FoundViews> {
  const { store, clock } = context;
  const { found, unansweredPlatforms } = await searchCards(context, requireCardNumber(input));
  if (found.length === 0) throw new ApiError('card.not_found');
  const now = clock();
  const cards = await Promise.all(
    found.map(({ platform, card }) => upsertCard(store, platform, card, now)),
  );
  const views = await Promise.all(cards.map(({ id }) => viewCardForStaff(context, id)));
  return { views, unansweredPlatforms };
}
