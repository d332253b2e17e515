/** Card, order, phone and transaction numbers have six digits or more; codes of errors have fewer. */
const NUMBER = /[0-9A-Za-z_-]*\d{6}[0-9A-Za-z_-]*/g;

/** What is shorter would hide half the report. */
const MIN_SECRET_LENGTH = 4;

const HIDDEN = '…';

/** A function that hides in a text what was given to find cards, orders and devices by, and any long number. */
export function createRedactor(given: readonly string[]): (text: string) => string {
  const secrets = given.filter((text) => text.length >= MIN_SECRET_LENGTH);
  return (text) =>
    secrets
      .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
      .replace(NUMBER, HIDDEN)
      .replace(/\p{Cc}+/gu, ' ');
}
