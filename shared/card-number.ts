/**
 * What people type or scan to name a card.
 *
 * ICCIDs here start with 89860, or 89861 as some 电信 cards do (898611), and have 19 or 20 characters,
 * some of which are hexadecimal letters; they are text, never numbers, and their check digit is not
 * relied upon: cards in use fail it.
 */
export type CardNumber =
  | { kind: 'iccid'; value: string }
  /** The last ten characters of an ICCID. */
  | { kind: 'iccidSuffix'; value: string }
  /** The card's own phone number (MSISDN): 11 or 13 digits. */
  | { kind: 'accessNumber'; value: string }
  /** A number the shop gave the card: 6 to 16 digits. */
  | { kind: 'customNumber'; value: string };

const ICCID = /^8986[01][0-9A-F]{14,15}$/;
/** Without a lookbehind: Safari before 16.4 cannot even load a script that has one. */
const ICCID_WITHIN = /(?:^|[^0-9A-Z])(8986[01][0-9A-F]{14,15})(?![0-9A-Z])/;
const ICCID_SUFFIX = /^[0-9A-F]{10}$/;
const ACCESS_NUMBER = /^1(?:\d{10}|\d{12})$/;
const CUSTOM_NUMBER = /^\d{6,16}$/;
const FILLER = /[\s\u200b-\u200d\ufeff\-_.\u2010-\u2015\uff0d]/g;
const LINK_PARAMETER = /[?&#](?:number|iccid|cardno|card|n)=([^&#]+)/i;

/** The longest input that is looked at; longer ones name no card. */
export const CARD_INPUT_MAX_LENGTH = 512;

function toHalfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (character) =>
    String.fromCharCode(character.charCodeAt(0) - 0xfee0),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function fromLink(text: string): string {
  const parameter = LINK_PARAMETER.exec(text)?.[1];
  if (parameter) return decode(parameter);
  return ICCID_WITHIN.exec(text.toUpperCase())?.[1] ?? text;
}

/**
 * Understands a card number as typed, pasted or scanned: spaces, hyphens, lower case, full-width
 * characters, a trailing pad `F` on a 19-digit ICCID, and links that carry a number are forgiven.
 * Returns undefined where the text names no card.
 */
export function parseCardNumber(input: string): CardNumber | undefined {
  if (input.length > CARD_INPUT_MAX_LENGTH) return undefined;
  const halfWidth = toHalfWidth(input);
  const text = /:\/\/|[?&]\w+=/.test(halfWidth) ? fromLink(halfWidth) : halfWidth;
  const value = text.replace(FILLER, '').toUpperCase();
  if (ICCID.test(value)) return { kind: 'iccid', value: withoutPad(value) };
  if (ICCID_SUFFIX.test(value)) return { kind: 'iccidSuffix', value };
  if (ACCESS_NUMBER.test(value)) return { kind: 'accessNumber', value };
  if (CUSTOM_NUMBER.test(value)) return { kind: 'customNumber', value };
  return undefined;
}

/** Some platforms pad a 19-digit ICCID to 20 characters with a final F. */
function withoutPad(iccid: string): string {
  return iccid.length === 20 && iccid.endsWith('F') ? iccid.slice(0, 19) : iccid;
}

/** Hides the middle of a number: first six and last four stay, as many dots as were hidden. */
export function maskNumber(number: string): string {
  if (number.length <= 10) return number.slice(-4).padStart(number.length, '•');
  return `${number.slice(0, 6)}${'•'.repeat(number.length - 10)}${number.slice(-4)}`;
}
