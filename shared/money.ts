/** An amount of money in integer fen (1 yuan = 100 fen), never a fraction. */
export type Fen = number & { readonly __unit: 'fen' };

/**
 * Brands a whole number of fen.
 * @throws RangeError if the number is negative, fractional or beyond 2^53.
 */
export function fen(amount: number): Fen {
  if (!Number.isSafeInteger(amount) || amount < 0) {
    throw new RangeError(`not an amount in fen: ${String(amount)}`);
  }
  return amount as Fen;
}

const YUAN_TEXT = /^(\d{1,12})(?:\.(\d{1,2}))?$/;

/** Reads a price as platforms write it ("18", "18.5", "18.00" yuan); undefined if it is not one. */
export function parseYuan(text: string): Fen | undefined {
  const match = YUAN_TEXT.exec(text);
  if (!match) return undefined;
  const [, yuan = '', cents = ''] = match;
  return fen(Number(yuan) * 100 + Number(cents.padEnd(2, '0')));
}

/** Writes an amount in yuan with exactly two decimals: 1800 -> "18.00". */
export function formatYuan(amount: Fen): string {
  const digits = String(amount).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
