import { beijingDate, beijingDateTime } from '@shared/beijing-time';
import type { Carrier } from '@shared/carrier-status';
import { carrierNames } from '@shared/carrier-status';
import type { Card, Order } from '@shared/contract';
import type { VolumeRounding } from '@shared/data-volume';
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

/** When the package of an order is valid: its first and last day, or only the first if the last is not known. */
export function validityText(
  { effectiveFrom, effectiveUntil }: Pick<Order, 'effectiveFrom' | 'effectiveUntil'>,
  { packages }: Dictionary,
): string {
  const from = dateOf(effectiveFrom);
  return effectiveUntil === null ? from : packages.from(from, dateOf(effectiveUntil));
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
 * An instant (RFC 3339) in short: the time if it is today, else month, day and time.
 * @param now epoch milliseconds; defines which day is today
 */
export function shortDateTime(instant: string, now: number): string {
  const sameDay = dateOf(instant) === beijingDate(now);
  return sameDay ? clockTime(instant) : dateTimeToMinute(instant).slice(5);
}

/** The dots with which the BFF masks numbers of cards that are not in the wallet. */
const MASKED = /\u2022+/;

/** A number; if its middle is masked, the dots are shortened. */
export function formatMasked(number: string): string {
  return number.replace(MASKED, ' **** ');
}

/** A card number in groups of four characters. A masked one has its dots shortened instead. */
export function groupByFours(number: string): string {
  return MASKED.test(number) ? formatMasked(number) : number.replace(/(.{4})(?=.)/g, '$1 ');
}

/** The last four characters of a number. */
export function lastFour(number: string): string {
  return number.slice(-4);
}

/** Formats a volume in MB: `1.5 GB`. What is left is rounded `down`, totals to the `nearest`. */
export function volumeText(megabytes: number, rounding: VolumeRounding): string {
  const { value, unit } = formatVolume(megabytes, rounding);
  return `${value} ${unit}`;
}

/** Formats the volume of a package in MB, which its platform may not state. */
export function packageVolumeText(megabytes: number | null, texts: Dictionary): string {
  return megabytes === null ? texts.card.volumeUnstated : volumeText(megabytes, 'nearest');
}

/** The name of a card: its nickname, or else its last four characters. */
export function cardName(card: Pick<Card, 'number' | 'nickname'>, texts: Dictionary): string {
  return card.nickname || texts.card.lastFour(lastFour(card.number));
}

/** Carrier and number of a card; the number alone if the carrier is unknown. */
export function carrierAndNumber(carrier: Carrier, number: string, language: Language): string {
  return carrier === 'unknown' ? number : `${carrierNames[carrier][language]} · ${number}`;
}

/** The remaining share of the data, from 0 to 1; 0 if the usage is unknown. */
export function remainingShare(usage: Card['usage']): number {
  if (!usage || usage.totalMb <= 0) return 0;
  return Math.min(1, Math.max(0, usage.remainingMb / usage.totalMb));
}
