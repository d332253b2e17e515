/**
 * A number that identifies a card, as users type or scan it.
 *
 * Chinese ICCIDs start with 89860, or with 89861 for some 电信 cards (898611). They have 19 or 20 characters
 * and may contain hexadecimal letters. The check digit is not verified, because cards in use fail it.
 */
export type CardNumber =
  | { kind: 'iccid'; value: string }
  /** The last ten characters of an ICCID. */
  | { kind: 'iccidSuffix'; value: string }
  /** The card's own phone number (MSISDN): 11 or 13 digits. */
  | { kind: 'accessNumber'; value: string }
  /** A number that the shop has assigned to the card: 6 to 16 digits. */
  | { kind: 'customNumber'; value: string };

const ICCID = /^8986[01][0-9A-F]{14,15}$/;
/** Uses no lookbehind, because Safari before 16.4 cannot load a script that contains one. */
const ICCID_WITHIN = /(?:^|[^0-9A-Z])(8986[01][0-9A-F]{14,15})(?![0-9A-Z])/;
const ICCID_SUFFIX = /^[0-9A-F]{10}$/;
const ACCESS_NUMBER = /^1(?:\d{10}|\d{12})$/;
const CUSTOM_NUMBER = /^\d{6,16}$/;
const FILLER = /[\s\u200b-\u200d\ufeff\-_.\u2010-\u2015\uff0d]/g;
const LINK_PARAMETER = /[?&#](?:number|iccid|cardno|card|n)=([^&#]+)/i;

/** Longer inputs are not parsed. */
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
 * Parses a card number as typed, pasted or scanned. Accepts spaces, hyphens, lower case, full-width
 * characters, a 19-digit ICCID padded with `F`, and links that contain a number.
 * @returns undefined if the text contains no card number
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

/** Masks a number: all but the first six and last four characters become dots. */
export function maskNumber(number: string): string {
  if (number.length <= 10) return number.slice(-4).padStart(number.length, '•');
  return `${number.slice(0, 6)}${'•'.repeat(number.length - 10)}${number.slice(-4)}`;
}
