import { parseDecimal } from './decimal';
import type { Decimal } from './decimal';

/** An amount of money in fen (1 yuan = 100 fen); a non-negative integer. */
export type Fen = number & { readonly __unit: 'fen' };

/**
 * Checks that a number is an amount in fen.
 * @throws RangeError if it is negative, fractional or above 2^53 - 1
 */
export function fen(amount: number): Fen {
  if (!Number.isSafeInteger(amount) || amount < 0) {
    throw new RangeError(`not an amount in fen: ${String(amount)}`);
  }
  return amount as Fen;
}

/** A larger amount in yuan is an error of the platform. */
const MAX_YUAN_DIGITS = 12;

/** The fen below which a decimal in yuan does not fall, and whether it has fractions of a fen beyond them. */
function splitFen({ whole, fraction }: Decimal): { amount: Fen; hasRest: boolean } | undefined {
  if (whole.length > MAX_YUAN_DIGITS) return undefined;
  const amount = Number(whole) * 100 + Number(fraction.slice(0, 2).padEnd(2, '0'));
  return { amount: fen(amount), hasRest: fraction.length > 2 };
}

function splitYuan(value: string | number): { amount: Fen; hasRest: boolean } | undefined {
  const decimal = parseDecimal(value);
  return decimal && !decimal.isNegative ? splitFen(decimal) : undefined;
}

/**
 * Parses an amount in yuan as platforms write it ("18", "18.000", "1,024.38", "1e3", or a JSON number).
 * @returns undefined if it is no such amount, is negative, or has fractions of a fen
 */
export function parseYuan(value: string | number): Fen | undefined {
  const split = splitYuan(value);
  return split?.hasRest ? undefined : split?.amount;
}

/**
 * Parses a balance in yuan. Fractions of a fen are cut off, because they cannot be spent. An overdrawn
 * balance is zero.
 */
export function parseBalance(value: string | number): Fen | undefined {
  const decimal = parseDecimal(value);
  const split = decimal && splitFen(decimal);
  return decimal?.isNegative && split ? fen(0) : split?.amount;
}

/**
 * Parses what a package costs the shop, in yuan. Fractions of a fen are rounded up, so that nothing is sold
 * below cost.
 */
export function parseCost(value: string | number): Fen | undefined {
  const split = splitYuan(value);
  return split && fen(split.amount + (split.hasRest ? 1 : 0));
}

/** Formats an amount in yuan with exactly two decimals: 1800 -> "18.00". */
export function formatYuan(amount: Fen): string {
  const digits = String(amount).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
