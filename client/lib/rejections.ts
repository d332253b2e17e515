/** Logs a failure that the user cannot act on. */
export function logFailure(what: string, error: unknown): void {
  // eslint-disable-next-line no-console -- the log of a client is its console
  console.warn(`liuka: ${what}`, error);
}

/**
 * Runs what nobody waits for. Its failure is logged, because it changes nothing that the user has asked for:
 * a title, a refetch whose error its query shows, or a handler that shows its errors itself.
 */
export function runInBackground(promise: Promise<unknown>): void {
  promise.catch((error: unknown) => logFailure('a background task failed', error));
}
