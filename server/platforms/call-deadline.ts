import { AsyncLocalStorage } from 'node:async_hooks';
import type { Dispatcher } from 'undici';
import { PlatformBusy } from './ports';

/**
 * Until when the requests of one call may be sent. Between the decision to call and the moment at which a
 * request is sent, a process can be suspended for minutes, and another one may have settled the matter.
 */
export interface CallDeadline {
  isOver: () => boolean;
  /** Whether a request of the call was sent. */
  isSent: boolean;
  /** Whether a request was refused because the deadline was over. */
  isRefused: boolean;
}

/** A request was not sent, because the deadline of its call was over. */
export class CallTooLate extends Error {
  override readonly name = 'CallTooLate';
}

const deadlines = new AsyncLocalStorage<CallDeadline | undefined>();

/**
 * Makes a call whose requests are sent before a deadline or not at all: `startRequest` checks it for each
 * attempt, last before the request is sent.
 * @throws PlatformBusy if the deadline was over before any request was sent: certainly nothing was done
 */
export async function callBefore<Answer>(
  isOver: () => boolean,
  call: () => Promise<Answer>,
): Promise<Answer> {
  const deadline: CallDeadline = { isOver, isSent: false, isRefused: false };
  const [result] = await Promise.allSettled([deadlines.run(deadline, call)]);
  if (deadline.isRefused && !deadline.isSent) {
    throw new PlatformBusy('the call was not sent, because it had waited for too long');
  }
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

/** Runs what several calls share, such as the request of an access token, without the caller's deadline. */
export function withoutDeadline<Value>(run: () => Value): Value {
  return deadlines.run(undefined, run);
}

/** The deadline of the call that this code runs for; undefined if it has none. */
export function currentDeadline(): CallDeadline | undefined {
  return deadlines.getStore();
}

/**
 * To be called last before a request is sent.
 * @throws CallTooLate if the deadline is over
 * @internal Exported for tests.
 */
export function startRequest(deadline: CallDeadline | undefined): void {
  if (!deadline) return;
  if (deadline.isOver()) {
    deadline.isRefused = true;
    throw new CallTooLate();
  }
  deadline.isSent = true;
}

/**
 * Checks a deadline when undici is about to write the request to an open connection: waiting for a
 * connection and opening it are over then.
 */
export function checkDeadline(deadline: CallDeadline): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart: (controller, context) => {
        startRequest(deadline);
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...parameters) => handler.onRequestUpgrade?.(...parameters),
      onResponseStart: (...parameters) => handler.onResponseStart?.(...parameters),
      onResponseData: (...parameters) => handler.onResponseData?.(...parameters),
      onResponseEnd: (...parameters) => handler.onResponseEnd?.(...parameters),
      onResponseError: (...parameters) => handler.onResponseError?.(...parameters),
    });
}
