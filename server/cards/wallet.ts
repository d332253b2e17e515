import type { LocalizedText } from '@shared/language';
import { ApiError } from '../lib/api-error';
import type { CardContext } from './card-context';
import type { CardOfUser } from './card-queries';
import {
  deleteWalletCard,
  insertWalletCard,
  listWalletCards,
  renameWalletCard,
} from './card-queries';
import type { CardView } from './card-view';
import { findCardsForUser } from './look-up-card';
import { LIST_REPORT_TTL_MS } from './read-report';
import { loadListedCardView, requireCardOfUser, showCard } from './view-card';

const ambiguousNumberText: LocalizedText = {
  'zh-CN': '有多张卡以这个号码结尾，请输入完整的 19-20 位号码。',
  en: 'Several cards end in this number; enter all 19-20 characters.',
};

/** A card by its number or by the id of an earlier look-up. */
export interface CardReference {
  number?: string | undefined;
  cardId?: string | undefined;
}

/** @throws ApiError as `findCardsForUser`; `card.number_invalid` also if several cards match */
async function findSingleCard(
  context: CardContext,
  userId: string,
  number: string,
): Promise<CardOfUser> {
  const { cards } = await findCardsForUser(context, userId, number);
  const [card, ...others] = cards;
  if (!card || others.length > 0) {
    throw new ApiError('card.number_invalid', { detail: ambiguousNumberText });
  }
  return card;
}

/** The cards in the user's wallet, most recently added first. An unreadable one is listed with what is known. */
export async function listWallet(context: CardContext, userId: string): Promise<CardView[]> {
  const cards = await listWalletCards(context.store, userId);
  return Promise.all(cards.map((card) => loadListedCardView(context, card, LIST_REPORT_TTL_MS)));
}

/**
 * Adds a card to the user's wallet; the nickname of a card that is already in it does not change.
 * @returns the card, and whether it was added
 * @throws ApiError `card.number_invalid`, `card.not_found`, `card.lookup_limited`, `platform.*`
 */
export async function addToWallet(
  context: CardContext,
  userId: string,
  { number, cardId }: CardReference,
  nickname: string | null,
): Promise<{ view: CardView; added: boolean }> {
  const { store, clock } = context;
  const card =
    cardId === undefined
      ? await findSingleCard(context, userId, number ?? '')
      : await requireCardOfUser(context, userId, cardId);
  const entry = { userId, cardId: card.id, nickname, now: clock() };
  const added = await insertWalletCard(store, entry);
  return { view: await showCard(context, userId, card.id), added };
}

/** @throws ApiError `card.not_found` if the card is not in the wallet */
export async function renameCard(
  context: CardContext,
  userId: string,
  cardId: string,
  nickname: string | null,
): Promise<CardView> {
  if (!(await renameWalletCard(context.store, userId, cardId, nickname))) {
    throw new ApiError('card.not_found');
  }
  return showCard(context, userId, cardId);
}

/** @throws ApiError `card.not_found` if the card is not in the wallet */
export async function removeFromWallet(
  { store }: Pick<CardContext, 'store'>,
  userId: string,
  cardId: string,
): Promise<void> {
  if (!(await deleteWalletCard(store, userId, cardId))) throw new ApiError('card.not_found');
}
