/**
 * Why an exchange with a platform brought no HTTP answer:
 * - `timedOut`: nothing, or not all of it, came in time;
 * - `connectionFailed`: no connection, or it broke before the answer was complete;
 * - `answerTooLarge`: the answer went past the size limit and was dropped;
 * - `overloaded`: too many calls were already waiting, nothing was sent;
 * - `circuitOpen`: the platform failed too often just now, nothing was sent;
 * - `closed`: the caller's side is shutting down.
 */
export type UpstreamFaultKind =
  'timedOut' | 'connectionFailed' | 'answerTooLarge' | 'overloaded' | 'circuitOpen' | 'closed';

const descriptions: Readonly<Record<UpstreamFaultKind, string>> = {
  timedOut: 'did not answer in time',
  connectionFailed: 'could not be reached, or the connection broke',
  answerTooLarge: 'answered more than is accepted',
  overloaded: 'has too many calls waiting',
  circuitOpen: 'is failing and is left alone for a moment',
  closed: 'is no longer called: the connections are closed',
};

/** An exchange that brought no HTTP answer. The message names platform and operation, never a value. */
export class UpstreamFault extends Error {
  override readonly name = 'UpstreamFault';

  constructor(
    readonly kind: UpstreamFaultKind,
    source: { platform: string; operation: string; detail?: string | undefined },
  ) {
    const detail = source.detail === undefined ? '' : ` (${source.detail})`;
    super(`${source.platform} ${source.operation}: the platform ${descriptions[kind]}${detail}`);
  }
}
