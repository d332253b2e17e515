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

const YUAN_TEXT = /^(\d{1,12})(?:\.(\d{1,2}))?$/;

/** Parses a price in yuan as platforms write it ("18", "18.5", "18.00"); undefined if it is not a price. */
export function parseYuan(text: string): Fen | undefined {
  const match = YUAN_TEXT.exec(text);
  if (!match) return undefined;
  const [, yuan = '', cents = ''] = match;
  return fen(Number(yuan) * 100 + Number(cents.padEnd(2, '0')));
}

/** Formats an amount in yuan with exactly two decimals: 1800 -> "18.00". */
export function formatYuan(amount: Fen): string {
  const digits = String(amount).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
