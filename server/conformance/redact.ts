/** Card, order, phone and transaction numbers have six digits or more; error codes have fewer. */
const NUMBER = /[0-9A-Za-z_-]*\d{6}[0-9A-Za-z_-]*/g;

/** Redacting shorter texts would hide half of the report. */
const MIN_SECRET_LENGTH = 4;

const HIDDEN = '…';

/** Makes a function that redacts the given identifiers of cards, orders and devices, and any long number. */
export function createRedactor(given: readonly string[]): (text: string) => string {
  const secrets = given.filter((text) => text.length >= MIN_SECRET_LENGTH);
  return (text) =>
    secrets
      .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
      .replace(NUMBER, HIDDEN)
      .replace(/\p{Cc}+/gu, ' ');
}
