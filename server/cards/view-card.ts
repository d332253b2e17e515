import { ApiError } from '../lib/api-error';
import type { CardRow } from '../store/schema';
import type { CardContext } from './card-context';
import type { CardOfUser } from './card-queries';
import { findCard, findCardOfUser } from './card-queries';
import type { CardView } from './card-view';
import { toCardView } from './card-view';
import { readReport, REPORT_TTL_MS } from './read-report';

/** @throws ApiError `card.not_found` unless the user has looked the card up or has it in the wallet */
export async function requireCardOfUser(
  { store }: Pick<CardContext, 'store'>,
  userId: string,
  cardId: string,
): Promise<CardOfUser> {
  const card = await findCardOfUser(store, userId, cardId);
  if (!card) throw new ApiError('card.not_found');
  return card;
}

/** A card with a report that is not older than `maxAgeMs` if its platform answers. */
export async function loadCardView(
  context: CardContext,
  card: CardRow & Partial<CardOfUser>,
  maxAgeMs = REPORT_TTL_MS,
): Promise<CardView> {
  return toCardView(card, await readReport(context, card, maxAgeMs), context);
}

/**
 * A card that the user has looked up or has in the wallet.
 * @throws ApiError `card.not_found`, `platform.unavailable`, `platform.busy`
 */
export async function viewCard(
  context: CardContext,
  userId: string,
  cardId: string,
): Promise<CardView> {
  return loadCardView(context, await requireCardOfUser(context, userId, cardId));
}

/** Any card, for staff. @throws ApiError `card.not_found`, `platform.unavailable`, `platform.busy` */
export async function viewCardForStaff(context: CardContext, cardId: string): Promise<CardView> {
  const card = await findCard(context.store, cardId);
  if (!card) throw new ApiError('card.not_found');
  return loadCardView(context, card);
}
