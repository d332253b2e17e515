/**
 * What was typed or set cannot be carried out, and nothing was done: exit code 2. The message never holds
 * a value.
 */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}
