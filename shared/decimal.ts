/**
 * An exact decimal, as text: `whole` without leading zeros ("0" if there is none),
 * `fraction` without trailing zeros ("" if there is none).
 */
export interface Decimal {
  isNegative: boolean;
  whole: string;
  fraction: string;
}

/**
 * Digits with an optional sign, thousands commas in groups of three, a fraction and an exponent: "18",
 * "1,024.38", "1e3", "-0.5". Not "+1", ".5", "1." or "10,24".
 */
const DECIMAL = /^(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** More digits than any figure of a platform has. It bounds the work for a value such as "1e999". */
const MAX_LENGTH = 64;
const MAX_EXPONENT = 30;

/** The digits of a number whose decimal point is moved to the right (left if negative). */
function movePoint(whole: string, fraction: string, places: number): [string, string] {
  if (places >= 0) {
    const padded = fraction.padEnd(places, '0');
    return [whole + padded.slice(0, places), padded.slice(places)];
  }
  const padded = whole.padStart(-places, '0');
  return [padded.slice(0, places), padded.slice(places) + fraction];
}

/**
 * Parses a decimal as platforms write it, in a text or as a JSON number, without binary arithmetic.
 *
 * A JSON number is read as the shortest decimal that is the same number (ECMA-262, Number::toString): what
 * the platform wrote, if that has at most 15 significant digits.
 * @returns undefined if it is not a decimal, or longer than any figure of a platform
 */
export function parseDecimal(value: string | number): Decimal | undefined {
  const text = String(value);
  const match = text.length > MAX_LENGTH ? null : DECIMAL.exec(text);
  if (!match) return undefined;
  const [, sign = '', digits = '', decimals = '', exponent = '0'] = match;
  const places = Number(exponent);
  if (Math.abs(places) > MAX_EXPONENT) return undefined;
  const [moved, rest] = movePoint(digits.replace(/,/g, ''), decimals, places);
  const whole = moved.replace(/^0+(?=\d)/, '') || '0';
  const fraction = rest.replace(/0+$/, '');
  return { isNegative: sign === '-' && (whole !== '0' || fraction !== ''), whole, fraction };
}

/** Formats a decimal without exponent and without superfluous zeros: "1024.385". */
export function formatDecimal({ isNegative, whole, fraction }: Decimal): string {
  return `${isNegative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/**
 * Divides by a small positive integer and cuts the quotient off after some decimals.
 * @param divisor at most 10^6
 */
export function divideDecimal(
  { isNegative, whole, fraction }: Decimal,
  divisor: number,
  decimals: number,
): Decimal {
  const padded = fraction.padEnd(decimals, '0').slice(0, decimals);
  let remainder = 0;
  let quotient = '';
  // Long division, digit by digit: every intermediate result is a small integer.
  for (const digit of whole + padded) {
    const dividend = remainder * 10 + Number(digit);
    quotient += String(Math.floor(dividend / divisor));
    remainder = dividend % divisor;
  }
  const cut = quotient.length - decimals;
  return {
    isNegative,
    whole: quotient.slice(0, cut).replace(/^0+(?=\d)/, ''),
    fraction: quotient.slice(cut).replace(/0+$/, ''),
  };
}
