import { beijingDate, beijingDateTime } from '@shared/beijing-time';
import type { Carrier } from '@shared/carrier-status';
import { carrierNames } from '@shared/carrier-status';
import type { Card } from '@shared/contract';
import { formatVolume } from '@shared/data-volume';
import type { Language } from '@shared/language';
import type { Dictionary } from '../i18n/dictionary';

/** An instant (RFC 3339) as its time of day in Beijing: `10:24`. */
export function clockTime(instant: string): string {
  return beijingDateTime(Date.parse(instant)).slice(11, 16);
}

/** An instant (RFC 3339) as its date in Beijing: `2026-11-30`. */
export function dateOf(instant: string): string {
  return beijingDate(Date.parse(instant));
}

/** An instant (RFC 3339) as date and time in Beijing, to the minute: `2026-11-30 10:24`. */
export function dateTimeToMinute(instant: string): string {
  return beijingDateTime(Date.parse(instant)).slice(0, 16);
}

/** An instant (RFC 3339) as date and time in Beijing, to the second: `2026-11-30 10:24:05`. */
export function dateTimeToSecond(instant: string): string {
  return beijingDateTime(Date.parse(instant));
}

/**
 * A moment as people say it: the time alone on the day itself, else with the date.
 * @param now epoch milliseconds, to know which day it is
 */
export function shortDateTime(instant: string, now: number): string {
  const sameDay = dateOf(instant) === beijingDate(now);
  return sameDay ? clockTime(instant) : dateTimeToMinute(instant).slice(5);
}

/** The dots the BFF puts for what only the card's holder sees. */
const MASKED = /\u2022+/;

/** A number as it is, or, where its middle is masked, its known ends. */
export function formatMasked(number: string): string {
  return number.replace(MASKED, ' **** ');
}

/** A card number in groups of four, the way people compare them. */
export function groupByFours(number: string): string {
  return MASKED.test(number) ? formatMasked(number) : number.replace(/(.{4})(?=.)/g, '$1 ');
}

/** The four characters people know a card by. */
export function lastFour(number: string): string {
  return number.slice(-4);
}

/** A volume in MB as one text: `1.5 GB`. */
export function volumeText(megabytes: number): string {
  const { value, unit } = formatVolume(megabytes);
  return `${value} ${unit}`;
}

/** What a card is called: the name its owner gave it, else by its last four. */
export function cardName(card: Pick<Card, 'number' | 'nickname'>, texts: Dictionary): string {
  return card.nickname || texts.card.lastFour(lastFour(card.number));
}

/** Whose network a card is on and its number; the number alone where its platform does not tell the network. */
export function carrierAndNumber(carrier: Carrier, number: string, language: Language): string {
  return carrier === 'unknown' ? number : `${carrierNames[carrier][language]} · ${number}`;
}

/** How much is left, from 0 to 1; 0 where nothing is known. */
export function remainingShare(usage: Card['usage']): number {
  if (!usage || usage.totalMb <= 0) return 0;
  return Math.min(1, Math.max(0, usage.remainingMb / usage.totalMb));
}
