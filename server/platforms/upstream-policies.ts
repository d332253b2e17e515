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
  /** Opening a connection: every address of the host, and the TLS handshake. */
  connectTimeout: number;
  /**
   * One address of a host that has several, before the next one is tried. Node.js gives each 250 ms, which is
   * less than a handshake takes over a slow line.
   */
  addressTimeout: number;
  /** From sending the request to receiving the response headers. */
  headersTimeout: number;
  /** Between two chunks of the body. */
  bodyTimeout: number;
  /** The whole call: waiting for a connection, every attempt, and the pauses between them. */
  totalTimeout: number;
  /** The largest body accepted, in bytes. */
  answerBytes: number;
  /** How long an idle connection is kept. */
  idleTimeout: number;
  /**
   * The same where the platform promises a longer time. Proxies on the way drop idle connections without
   * notice, and a request on a dropped connection fails.
   */
  maxIdleTimeout: number;
  connections: number;
  /** Calls that may wait for a connection. Further calls are rejected. */
  waiting: number;
  retries: number;
  /** The pause before the first retry. It doubles each time, with random jitter. */
  retryPause: number;
  /** How many exchanges must fail in a row before the circuit breaker opens. */
  breakAfter: number;
  /** How long the circuit breaker stays open before one call tries again. */
  breakFor: number;
}

/**
 * The circuit breaker closes within ten seconds of the platform's return: at worst, the call that tries again
 * was sent just before and times out while connecting and waiting for headers, and another `breakFor` passes.
 */
export const defaultUpstreamLimits: UpstreamLimits = {
  connectTimeout: 3_000,
  addressTimeout: 800,
  headersTimeout: 5_000,
  bodyTimeout: 3_000,
  totalTimeout: 10_000,
  answerBytes: 1024 * 1024,
  idleTimeout: 4_000,
  maxIdleTimeout: 10_000,
  connections: 32,
  waiting: 128,
  retries: 2,
  retryPause: 150,
  breakAfter: 6,
  breakFor: 2_000,
};

/** Faults that a retry may overcome. */
const transientFaults: readonly UpstreamFaultKind[] = ['timedOut', 'connectionFailed'];

function isServerError(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'status' in result
    ? typeof result.status === 'number' && result.status >= 500
    : false;
}

/** What the circuit breaker counts and what is retried: transient faults and HTTP 5xx. */
function transientFailures() {
  return handleWhen(
    (error) => error instanceof UpstreamFault && transientFaults.includes(error.kind),
  ).orWhenResult(isServerError);
}

/**
 * The policies for calls to one platform: timeout, retries, concurrency limit, circuit breaker. The breaker is
 * the innermost one, so that it does not count calls rejected by the concurrency limit.
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

/** The kind of fault an error of the policies means; undefined for any other error. */
export function policyFaultKind(error: unknown): UpstreamFaultKind | undefined {
  if (error instanceof BulkheadRejectedError) return 'overloaded';
  if (isBrokenCircuitError(error)) return 'circuitOpen';
  if (error instanceof TaskCancelledError) return 'timedOut';
  return undefined;
}
