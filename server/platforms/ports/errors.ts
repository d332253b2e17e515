/** A query to a platform got no usable response: timeout, refused connection, HTTP 5xx, or an invalid body. */
export class PlatformUnavailable extends Error {
  override readonly name = 'PlatformUnavailable';
}

/**
 * A call was rejected before anything was done, by the platform's rate limit or by ours. The same call can
 * be retried, even if it is not idempotent.
 */
export class PlatformBusy extends PlatformUnavailable {
  readonly isBusy = true;
}
