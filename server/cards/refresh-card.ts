import { isYounger } from '../lib/age';
import { ApiError } from '../lib/api-error';
import type { CardContext } from './card-context';
import type { CardView } from './card-view';
import { toCardView } from './card-view';
import { fetchReportInTime } from './read-report';
import { requireCardOfUser } from './view-card';

/** How old a report must be before a user can request a new one. */
const REFRESH_COOLDOWN_MS = 15_000;

/**
 * Queries the platform for a new report of a card.
 * @throws ApiError `card.not_found`, `card.refresh_too_soon`, `platform.unavailable`, `platform.busy`
 */
export async function refreshCard(
  context: CardContext,
  userId: string,
  cardId: string,
): Promise<CardView> {
  const card = await requireCardOfUser(context, userId, cardId);
  const now = context.clock();
  if (isYounger(card.fetched_at, REFRESH_COOLDOWN_MS, now)) {
    const allowedAt = (card.fetched_at ?? now) + REFRESH_COOLDOWN_MS;
    throw new ApiError('card.refresh_too_soon', {
      retryAfterSeconds: Math.ceil((allowedAt - now) / 1000),
    });
  }
  return toCardView(card, await fetchReportInTime(context, card), context);
}
