import {
  BulkheadRejectedError,
  ConsecutiveBreaker,
  ExponentialBackoff,
  TaskCancelledError,
  TimeoutStrategy,
  bulkhead,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
  retry,
  timeout,
  wrap,
} from 'cockatiel';
import { UpstreamFault } from './upstream-fault';
import type { UpstreamFaultKind } from './upstream-fault';

/** Times in milliseconds. */
export interface UpstreamLimits {
  connectTimeout: number;
  /** From the request being sent to the head of the answer. */
  headersTimeout: number;
  /** Between two pieces of the body. */
  bodyTimeout: number;
  /** The whole call: waiting for a turn, every attempt, and the pauses between. */
  totalTimeout: number;
  /** Size of a body, in bytes. */
  answerBytes: number;
  connections: number;
  /** Calls that may wait for a connection; one more is turned away. */
  waiting: number;
  retries: number;
  /** The first pause before a retry; the next ones double, and each is shortened at random. */
  retryPause: number;
  /** How many exchanges must fail in a row before the platform is left alone. */
  breakAfter: number;
  /** How long it is left alone before one call tries again. */
  breakFor: number;
}

export const defaultUpstreamLimits: UpstreamLimits = {
  connectTimeout: 2_000,
  headersTimeout: 5_000,
  bodyTimeout: 3_000,
  totalTimeout: 10_000,
  answerBytes: 1024 * 1024,
  connections: 32,
  waiting: 128,
  retries: 2,
  retryPause: 150,
  breakAfter: 6,
  breakFor: 5_000,
};

/** Faults after which the same request may fare better. */
const transientFaults: readonly UpstreamFaultKind[] = ['timedOut', 'connectionFailed'];

function isServerError(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'status' in result
    ? typeof result.status === 'number' && result.status >= 500
    : false;
}

/** What counts against a platform, and what is worth another try: passing faults and 5xx. */
function transientFailures() {
  return handleWhen(
    (error) => error instanceof UpstreamFault && transientFaults.includes(error.kind),
  ).orWhenResult(isServerError);
}

/**
 * How calls to one platform are bounded, taking turns, and kept from a platform that fails. The breaker
 * stands inside the turns, so that a call turned away for want of room does not count for or against it.
 */
export function createPolicies(limits: UpstreamLimits) {
  const totalTimeout = timeout(limits.totalTimeout, TimeoutStrategy.Aggressive);
  const retries = retry(transientFailures(), {
    maxAttempts: limits.retries,
    backoff: new ExponentialBackoff({ initialDelay: limits.retryPause, maxDelay: 1_000 }),
  });
  const concurrencyLimit = bulkhead(limits.connections, limits.waiting);
  const breaker = circuitBreaker(transientFailures(), {
    halfOpenAfter: limits.breakFor,
    breaker: new ConsecutiveBreaker(limits.breakAfter),
  });
  return {
    once: wrap(totalTimeout, concurrencyLimit, breaker),
    retried: wrap(totalTimeout, retries, concurrencyLimit, breaker),
  };
}

/** The fault behind an error of the policies; undefined where it is another error. */
export function policyFaultKind(error: unknown): UpstreamFaultKind | undefined {
  if (error instanceof BulkheadRejectedError) return 'overloaded';
  if (isBrokenCircuitError(error)) return 'circuitOpen';
  if (error instanceof TaskCancelledError) return 'timedOut';
  return undefined;
}
