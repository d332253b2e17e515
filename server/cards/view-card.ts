import { ApiError } from '../lib/api-error';
import type { CardRow } from '../store/schema';
import type { CardContext } from './card-context';
import type { CardOfUser } from './card-queries';
import { findCard, findCardOfUser } from './card-queries';
import type { CardView } from './card-view';
import { toCardView } from './card-view';
import { readReport, REPORT_TTL_MS } from './read-report';
import { emptyReport } from './report-parts';

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
async function loadCardView(
  context: CardContext,
  card: CardRow & Partial<CardOfUser>,
  maxAgeMs = REPORT_TTL_MS,
): Promise<CardView> {
  return toCardView(card, await readReport(context, card, maxAgeMs), context);
}

/** The same, but a card that cannot be read is shown with what is known: in a list it must not hide others. */
export async function loadListedCardView(
  context: CardContext,
  card: CardRow & Partial<CardOfUser>,
  maxAgeMs = REPORT_TTL_MS,
): Promise<CardView> {
  try {
    return await loadCardView(context, card, maxAgeMs);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return toCardView(card, emptyReport(card, context.clock()), context);
  }
}

/**
 * A card that the user has looked up or has in the wallet, with what is known of it.
 * @throws ApiError `card.not_found`
 */
export async function showCard(
  context: CardContext,
  userId: string,
  cardId: string,
): Promise<CardView> {
  return loadListedCardView(context, await requireCardOfUser(context, userId, cardId));
}

/**
 * A readable card that the user has looked up or has in the wallet.
 * @throws ApiError `card.not_found`, `platform.unavailable`, `platform.busy`
 */
export async function viewCard(
  context: CardContext,
  userId: string,
  cardId: string,
): Promise<CardView> {
  return loadCardView(context, await requireCardOfUser(context, userId, cardId));
}

/** Any card, for staff, with what is known of it. @throws ApiError `card.not_found` */
export async function viewCardForStaff(context: CardContext, cardId: string): Promise<CardView> {
  const card = await findCard(context.store, cardId);
  if (!card) throw new ApiError('card.not_found');
  return loadListedCardView(context, card);
}
