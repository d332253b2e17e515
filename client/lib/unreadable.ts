import type { CardPart } from '@shared/card-parts';
import { cardParts } from '@shared/card-parts';
import type { Card } from '@shared/contract';
import type { Dictionary } from '../i18n/dictionary';
import { shortDateTime } from './format';

/** A card; one that an earlier version has stored has no list of unreadable parts. */
type ReadCard = Pick<Card, 'fetchedAt'> & Partial<Pick<Card, 'unreadable'>>;

/** Whether a part of a card could not be read, and no older value is known. */
export function isUnread({ unreadable = [] }: ReadCard, part: CardPart): boolean {
  return unreadable.some((each) => each.part === part && each.lastKnownAt === null);
}

/**
 * What to say about the parts of a card that could not be read; undefined if there are none.
 * @param now epoch milliseconds
 */
export function unreadableText(
  { fetchedAt, unreadable = [] }: ReadCard,
  texts: Dictionary['card'],
  now: number,
): string | undefined {
  if (unreadable.length === 0) return undefined;
  const old = unreadable.filter(({ lastKnownAt }) => lastKnownAt !== null);
  const isWholeCard = unreadable.length === cardParts.length;
  if (isWholeCard && old.length === 0) return texts.unreadCard;
  if (isWholeCard) return texts.oldCard(shortDateTime(fetchedAt, now));
  const nameOf = (parts: typeof unreadable) =>
    parts.map(({ part }) => texts.parts[part]).join(texts.listSeparator);
  const unread = unreadable.filter(({ lastKnownAt }) => lastKnownAt === null);
  const sentences = [
    unread.length > 0 ? texts.unreadParts(nameOf(unread)) : undefined,
    old.length > 0 ? texts.oldParts(nameOf(old)) : undefined,
  ];
  return sentences.filter((sentence) => sentence !== undefined).join(' · ');
}
