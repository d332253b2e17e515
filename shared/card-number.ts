import { labelKind, type LabelKind } from './card-number-labels';
import { findRuns, isStructured, plainText, type NumberRun } from './card-number-text';

/**
 * A number that identifies a card, as users type, paste or scan it. Decision 0023 says how ambiguous inputs
 * are read.
 */
export type CardNumber =
  /**
   * 19 or 20 characters, with hexadecimal letters in some: of the mainland (89860; 89861 for some 电信
   * cards), Hong Kong, Macau and Taiwan. The check digit is not verified, because cards in use fail it.
   */
  | { kind: 'iccid'; value: string }
  /** The last ten characters of an ICCID. */
  | { kind: 'iccidSuffix'; value: string }
  /** The card's own phone number (MSISDN): 11 or 13 digits. */
  | { kind: 'accessNumber'; value: string }
  /** A number that the shop has assigned to the card: 6 to 16 digits. */
  | { kind: 'customNumber'; value: string };

/** Why a text is not read as a card number. */
export type CardNumberProblem =
  /** It contains no card number. */
  | 'none'
  /** It contains different card numbers. */
  | 'several'
  /** It contains a number, labelled as that of something else. */
  | 'otherNumber'
  | 'tooLong';

/** 89 for telecommunications, then the country code (ITU-T E.118): 86 with 0 or 1, 852, 853, 886. */
const ICCID = /^89(?:86[01]|852|853|886)[0-9A-F]{14,15}$/;
const ICCID_SUFFIX = /^[0-9A-F]{10}$/;
const ACCESS_NUMBER = /^1(?:\d{10}|\d{12})$/;
const CUSTOM_NUMBER = /^\d{6,16}$/;
/** With `+` or 00, every access number. */
const INTERNATIONAL_NUMBER = /^(?:00)?86(1(?:\d{10}|\d{12}))$/;
/**
 * With a bare 86, 11 digits or an IoT number of 13 (106…, 14…). Other numbers of 15 digits that begin with
 * 86 are more often IMEIs.
 */
const PREFIXED_NUMBER = /^86(1\d{10}|1(?:06|4\d)\d{10})$/;
/** A word, unless the rest of the number surrounds it. */
const LETTERS_ONLY = /^[A-F]+$/;
/** The punctuation that may surround a number that is not labelled. */
const DECORATION =
  /^[\s"'`\u2018-\u201f\u300a-\u3011.,;:!?*#|()[\]{}<>+\-_\u2026\u3001\u3002\u00b7\u02d7\u2010-\u2015\u2022\u2043\u2212\u2500\u2800\u2e3a\u2e3b\u30fb\u30fc\ufe58\ufe63]*$/;

const ICCID_LENGTHS = [20, 19] as const;
const LONGEST_NUMBER = 20;

/** Longer inputs are not parsed. Links with nested links stay below it. */
export const CARD_INPUT_MAX_LENGTH = 2048;

/** Length of `iccidKey`. */
const ICCID_KEY_LENGTH = 19;

/**
 * What two forms of one ICCID have in common: its first 19 characters. The twentieth is a check digit, which
 * some platforms and printers leave out.
 */
export function iccidKey(iccid: string): string {
  return iccid.slice(0, ICCID_KEY_LENGTH);
}

/** Whether two ICCIDs, of 19 or 20 characters each, name the same card. */
export function isSameIccid(one: string, other: string): boolean {
  return iccidKey(one) === iccidKey(other);
}

/** The check digit that completes a number by Luhn's algorithm (ISO/IEC 7812-1, annex B). */
function checkDigit(digits: string): string {
  let sum = 0;
  for (let index = digits.length - 1, double = true; index >= 0; index -= 1, double = !double) {
    const digit = Number(digits[index]) * (double ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return String((10 - (sum % 10)) % 10);
}

/**
 * The other form of an ICCID, under which a platform may know the card: 20 characters without the last, 19
 * digits with the check digit. Undefined for 19 characters with letters, which have no check digit.
 */
export function otherIccidForm(iccid: string): string | undefined {
  if (iccid.length > ICCID_KEY_LENGTH) return iccidKey(iccid);
  return /^\d+$/.test(iccid) ? `${iccid}${checkDigit(iccid)}` : undefined;
}

/** All forms of an ICCID, for comparing it with stored ones. */
export function iccidForms(iccid: string): string[] {
  const key = iccidKey(iccid);
  return [key, ...Array.from('0123456789ABCDEF', (last) => `${key}${last}`)];
}

/** Normalizes an ICCID: upper case, without the pad `F` of 20 characters. Undefined if it is none. */
export function normalizeIccid(text: string): string | undefined {
  const iccid = text.trim().toUpperCase();
  if (!ICCID.test(iccid)) return undefined;
  return iccid.length === 20 && iccid.endsWith('F') ? iccidKey(iccid) : iccid;
}

/** The access number after a country code; undefined if there is none. */
function withoutCountryCode(text: string, isInternational: boolean): string | undefined {
  const pattern = isInternational || text.startsWith('00') ? INTERNATIONAL_NUMBER : PREFIXED_NUMBER;
  return pattern.exec(text)?.[1];
}

/** Reads characters that are one number. */
function readNumber(value: string, isInternational: boolean): CardNumber | undefined {
  const iccid = normalizeIccid(value);
  if (iccid !== undefined) return { kind: 'iccid', value: iccid };
  const access = withoutCountryCode(value, isInternational);
  if (access !== undefined) return { kind: 'accessNumber', value: access };
  if (isInternational) return undefined;
  if (ICCID_SUFFIX.test(value)) return { kind: 'iccidSuffix', value };
  if (ACCESS_NUMBER.test(value)) return { kind: 'accessNumber', value };
  if (CUSTOM_NUMBER.test(value)) return { kind: 'customNumber', value };
  return undefined;
}

/** Two ICCIDs without a separator, as a scanner that is used as a keyboard writes them. */
function splitTwice(text: string): CardNumber[] {
  for (const length of ICCID_LENGTHS) {
    const one = normalizeIccid(text.slice(0, length));
    const other = normalizeIccid(text.slice(length));
    if (one !== undefined && other !== undefined) {
      return [
        { kind: 'iccid', value: one },
        { kind: 'iccid', value: other },
      ];
    }
  }
  return [];
}

/** The longest number that starts at a group and after which the rest can be read too. */
function readFrom(
  groups: readonly string[],
  start: number,
  rests: readonly (CardNumber[] | undefined)[],
): CardNumber[] | undefined {
  let longest: CardNumber[] | undefined;
  let text = '';
  for (let end = start; end < groups.length; end += 1) {
    text += groups[end] ?? '';
    if (text.length > LONGEST_NUMBER) break;
    const number =
      ICCID.test(text) || ACCESS_NUMBER.test(text) ? readNumber(text, false) : undefined;
    const rest = rests[end + 1];
    if (number && rest) longest = [number, ...rest];
  }
  return longest;
}

/** At most so many groups are read as several numbers, each of which may be in many groups. */
const MAX_GROUPS = 64;

/** Reads groups as several ICCIDs and access numbers, one after another; empty if something is left. */
function readSeveral(groups: readonly string[]): CardNumber[] {
  if (groups.length > MAX_GROUPS) return [];
  const rests: (CardNumber[] | undefined)[] = [];
  rests[groups.length] = [];
  for (let start = groups.length - 1; start >= 0; start -= 1) {
    rests[start] = readFrom(groups, start, rests);
  }
  return rests[0] ?? [];
}

function readWhole(groups: readonly string[], isInternational: boolean): CardNumber[] {
  const text = groups.join('');
  const number = readNumber(text, isInternational);
  return number ? [number] : splitTwice(text);
}

/** The groups without those at the ends that are words. */
function withoutWords(groups: readonly string[]): string[] {
  const first = groups.findIndex((group) => !LETTERS_ONLY.test(group));
  if (first < 0) return [];
  let end = groups.length;
  while (LETTERS_ONLY.test(groups[end - 1] ?? '')) end -= 1;
  return groups.slice(first, end);
}

/** The numbers of a run: one, several, or the ICCIDs among other groups. */
function readRun({ groups, isInternational }: NumberRun): CardNumber[] {
  const whole = readWhole(groups, isInternational);
  if (whole.length > 0) return whole;
  const inner = withoutWords(groups);
  const number = inner.length < groups.length ? readWhole(inner, isInternational) : [];
  if (number.length > 0) return number;
  const several = isInternational ? [] : readSeveral(inner);
  if (several.length > 0) return several;
  return inner.flatMap((group) => {
    const iccid = normalizeIccid(group);
    return iccid === undefined ? [] : [{ kind: 'iccid' as const, value: iccid }];
  });
}

interface Candidate {
  number: CardNumber;
  label: LabelKind | undefined;
}

/** The one number that all candidates are; the longer form of an ICCID. */
function onlyNumber(candidates: readonly Candidate[]): CardNumber | 'several' {
  const [first, ...others] = candidates.map(({ number }) => number);
  if (!first) return 'several';
  let longest = first;
  for (const other of others) {
    const isSame =
      first.kind === 'iccid' ? isSameIccid(first.value, other.value) : first.value === other.value;
    if (!isSame) return 'several';
    if (other.value.length > longest.value.length) longest = other;
  }
  return longest;
}

function selectNumber(
  candidates: readonly Candidate[],
  isNamed: boolean,
  isBare: boolean,
): CardNumber | CardNumberProblem {
  const usable = candidates.filter(({ label }) => label !== 'other');
  const iccids = usable.filter(({ number }) => number.kind === 'iccid');
  const labelled = isNamed ? iccids.filter(({ label }) => label === 'card') : [];
  if (labelled.length > 0) return onlyNumber(labelled);
  if (iccids.length > 0) return onlyNumber(iccids);
  const others = usable.filter(({ label }) => label === 'card' || (label === undefined && isBare));
  if (others.length > 0) return onlyNumber(others);
  return usable.length < candidates.length ? 'otherNumber' : 'none';
}

/**
 * Reads a card number as typed, pasted or scanned: with invisible characters, spaces and dashes of all kinds,
 * full width, country code, label, quotes, in JSON, in links that are encoded and nested, with scanner
 * prefixes. ICCIDs are found in any text; other numbers only after a label, or if nothing else is written.
 */
export function readCardNumber(input: string): CardNumber | CardNumberProblem {
  if (input.length > CARD_INPUT_MAX_LENGTH) return 'tooLong';
  const text = plainText(input);
  const { runs, after } = findRuns(text);
  const isBare = DECORATION.test(after) && runs.every(({ before }) => DECORATION.test(before));
  const candidates = runs.flatMap((run) => {
    const label = labelKind(run.before);
    return readRun(run).map((number) => ({ number, label }));
  });
  return selectNumber(candidates, isStructured(text), isBare);
}

/** As `readCardNumber`. @returns undefined if the text contains no card number, or several */
export function parseCardNumber(input: string): CardNumber | undefined {
  const read = readCardNumber(input);
  return typeof read === 'string' ? undefined : read;
}

/** Masks a number: all but the first six and last four characters become dots. */
export function maskNumber(number: string): string {
  if (number.length <= 10) return number.slice(-4).padStart(number.length, '•');
  return `${number.slice(0, 6)}${'•'.repeat(number.length - 10)}${number.slice(-4)}`;
}
