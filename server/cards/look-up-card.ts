import type { CardNumber, CardNumberProblem } from '@shared/card-number';
import { readCardNumber } from '@shared/card-number';
import type { ErrorCode } from '@shared/error-codes';
import { ApiError } from '../lib/api-error';
import { orRefuse } from '../platforms/or-refuse';
import type { CardContext } from './card-context';
import { consumeLookup, recordMiss } from './card-limits';
import type { CardOfUser } from './card-queries';
import { upsertCard, upsertSeenCards } from './card-queries';
import type { CardView } from './card-view';
import { findCards } from './find-cards';
import { loadCardView, requireCardOfUser, viewCardForStaff } from './view-card';

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

/**
 * Finds the cards that a number means. The user may read them by their ids from then on.
 * @throws ApiError `card.number_*`, `card.not_found`, `card.lookup_limited`,
 *   `platform.unavailable`, `platform.busy`
 */
export async function findCardsForUser(
  context: CardContext,
  userId: string,
  input: string,
): Promise<CardOfUser[]> {
  const { store, clock, cardState } = context;
  const number = requireCardNumber(input);
  await consumeLookup(cardState.limiters, userId, number);
  const found = await orRefuse(() => findCards(context, number));
  if (found.length === 0) {
    await recordMiss(cardState.limiters, userId);
    throw new ApiError('card.not_found');
  }
  const ids = await upsertSeenCards(store, userId, found, clock());
  return Promise.all(ids.map((id) => requireCardOfUser(context, userId, id)));
}

/** The cards that a number means, for a customer. @throws ApiError as `findCardsForUser` */
export async function lookUpCards(
  context: CardContext,
  userId: string,
  number: string,
): Promise<CardView[]> {
  const cards = await findCardsForUser(context, userId, number);
  return Promise.all(cards.map((card) => loadCardView(context, card)));
}

/**
 * The cards that a number means, for staff: without rate limits.
 * @throws ApiError `card.number_*`, `card.not_found`, `platform.unavailable`, `platform.busy`
 */
export async function lookUpCardsForStaff(
  context: CardContext,
  input: string,
): Promise<CardView[]> {
  const { store, clock } = context;
  const number = requireCardNumber(input);
  const found = await orRefuse(() => findCards(context, number));
  if (found.length === 0) throw new ApiError('card.not_found');
  const now = clock();
  const cards = await Promise.all(
    found.map(({ platform, card }) => upsertCard(store, platform, card, now)),
  );
  return Promise.all(cards.map(({ id }) => viewCardForStaff(context, id)));
}
