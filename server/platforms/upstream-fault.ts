/**
 * Why an exchange with a platform brought no usable HTTP response:
 * - `timedOut`: no complete response came in time;
 * - `connectionFailed`: the connection could not be opened, or broke before the response was complete;
 * - `answerTooLarge`: the response exceeded the size limit and was dropped;
 * - `redirected`: the response was a redirect, which is never followed: its target would get our credentials;
 * - `unreadable`: the response cannot be decoded by its content encoding and charset;
 * - `overloaded`: too many calls were waiting already; nothing was sent;
 * - `circuitOpen`: the circuit breaker is open after too many failures; nothing was sent;
 * - `closed`: this client was closed;
 * - `tooLate`: the deadline of the call was over before the request was sent; nothing was sent.
 */
export type UpstreamFaultKind =
  | 'timedOut'
  | 'connectionFailed'
  | 'answerTooLarge'
  | 'redirected'
  | 'unreadable'
  | 'overloaded'
  | 'circuitOpen'
  | 'closed'
  | 'tooLate';

const descriptions: Readonly<Record<UpstreamFaultKind, string>> = {
  timedOut: 'did not answer in time',
  connectionFailed: 'could not be reached, or the connection broke',
  answerTooLarge: 'answered more than is accepted',
  redirected: 'answered a redirect, which is not followed',
  unreadable: 'answered what cannot be read',
  overloaded: 'has too many calls waiting',
  circuitOpen: 'keeps failing, so calls are suspended for a moment',
  closed: 'is no longer called: this client was closed',
  tooLate: 'was not called: the request had waited for too long',
};

/** An exchange brought no usable HTTP response. The message names platform and operation, never a value. */
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
