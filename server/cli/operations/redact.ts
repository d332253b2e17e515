import type { Field } from './fields';

const HIDDEN = '•••';
/** What is shorter would hide half the answer. */
const MIN_SECRET_LENGTH = 2;

/** A function that hides in texts, however deep, what a request said of a person or a secret. */
export function createRedactor(
  fields: readonly Field[],
  request: Readonly<Record<string, unknown>>,
): (value: unknown) => unknown {
  const secrets = fields
    .filter(({ sensitive }) => sensitive)
    .map(({ name }) => request[name])
    .filter((value) => typeof value === 'string')
    .filter((value) => value.length >= MIN_SECRET_LENGTH);
  function redact(value: unknown): unknown {
    if (typeof value === 'string') {
      return secrets.reduce((text, secret) => text.replaceAll(secret, HIDDEN), value);
    }
    if (Array.isArray(value)) return value.map(redact);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, redact(one)]));
  }
  return redact;
}
