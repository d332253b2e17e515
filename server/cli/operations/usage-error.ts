/** What was typed cannot be carried out: nothing was sent. The message never holds a value. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
