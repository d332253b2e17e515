import type { IncomingHttpHeaders } from 'node:http';
import { Pool, errors } from 'undici';
import type { FormData } from 'undici';
import { UpstreamFault } from './upstream-fault';
import type { UpstreamFaultKind } from './upstream-fault';
import { createPolicies, defaultUpstreamLimits, policyFaultKind } from './upstream-policies';
import type { UpstreamLimits } from './upstream-policies';

/** One HTTP exchange with a platform, as its observers see it. Carries no value of the request. */
export interface UpstreamCall {
  platform: string;
  operation: string;
  /** The HTTP status, where an answer came. */
  status?: number;
  milliseconds: number;
  outcome: 'answered' | UpstreamFaultKind;
}

export type RequestHeaders = Readonly<Record<string, string>>;

export interface UpstreamRequest {
  /** Names the request in faults and observations. */
  operation: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Readonly<Record<string, string>>;
  /** Made anew for each attempt where they hold a signature or anything else that is good once. */
  headers?: RequestHeaders | (() => RequestHeaders);
  body?: string | FormData;
  /** Whether sending it twice does no more than sending it once. Only then is it sent again. */
  idempotent: boolean;
}

export interface UpstreamAnswer {
  status: number;
  /** Names in lower case. A header that came more than once is left out: which one counts is not known. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The body as it came: what a signature or a digest was made over. */
  bytes: Buffer;
  /** The body read as UTF-8. */
  text: string;
}

export interface UpstreamHttpOptions {
  platform: string;
  /** Scheme, host and port. */
  origin: string;
  onCall?: ((call: UpstreamCall) => void) | undefined;
  limits?: Partial<UpstreamLimits> | undefined;
}

export interface UpstreamHttp {
  /**
   * Sends a request and answers whatever HTTP answer came, errors included.
   * @throws UpstreamFault where no answer came.
   */
  send(request: UpstreamRequest): Promise<UpstreamAnswer>;
  /** Breaks off what is under way and lets go of every connection. */
  close(): Promise<void>;
}

/** The error code of undici or of the operating system, such as ECONNREFUSED. */
function errorCodeOf(error: unknown): string | undefined {
  return typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string'
    ? error.code
    : undefined;
}

function transportFaultKind(error: unknown, signal: AbortSignal): UpstreamFaultKind {
  if (error instanceof errors.ResponseExceededMaxSizeError) return 'answerTooLarge';
  if (error instanceof errors.ClientDestroyedError || error instanceof errors.ClientClosedError) {
    return 'closed';
  }
  const timedOut =
    signal.aborted ||
    error instanceof errors.ConnectTimeoutError ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError;
  return timedOut ? 'timedOut' : 'connectionFailed';
}

/** A path with its query, as it is sent. */
export function withQuery(path: string, query: UpstreamRequest['query']): string {
  return query === undefined ? path : `${path}?${new URLSearchParams(query).toString()}`;
}

function singleValueHeaders(headers: IncomingHttpHeaders): UpstreamAnswer['headers'] {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    ),
  );
}

/**
 * Calls one platform over kept-alive connections. Each call is bounded in time and size, waits its
 * turn among a limited number, is repeated after a passing fault only if that is safe, and is turned
 * away at once while the platform keeps failing.
 */
export function createUpstreamHttp(options: UpstreamHttpOptions): UpstreamHttp {
  const { platform, origin, onCall } = options;
  const limits = { ...defaultUpstreamLimits, ...options.limits };
  const policies = createPolicies(limits);
  let closed = false;
  const pool = new Pool(origin, {
    connections: limits.connections,
    connect: { timeout: limits.connectTimeout },
    headersTimeout: limits.headersTimeout,
    bodyTimeout: limits.bodyTimeout,
    maxResponseSize: limits.answerBytes,
  });

  async function exchange(request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamAnswer> {
    const { headers } = request;
    const answer = await pool.request({
      method: request.method,
      path: withQuery(request.path, request.query),
      headers: {
        accept: 'application/json',
        ...(typeof headers === 'function' ? headers() : headers),
      },
      body: request.body ?? null,
      idempotent: request.idempotent,
      signal,
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    return {
      status: answer.statusCode,
      headers: singleValueHeaders(answer.headers),
      bytes,
      text: new TextDecoder().decode(bytes),
    };
  }

  async function exchangeObserved(
    request: UpstreamRequest,
    signal: AbortSignal,
  ): Promise<UpstreamAnswer> {
    const { operation } = request;
    const startedAt = performance.now();
    const report = (outcome: UpstreamCall['outcome'], status?: number): void => {
      const call = { platform, operation, milliseconds: performance.now() - startedAt, outcome };
      onCall?.(status === undefined ? call : { ...call, status });
    };
    try {
      const answer = await exchange(request, signal);
      report('answered', answer.status);
      return answer;
    } catch (error) {
      const kind = closed ? 'closed' : transportFaultKind(error, signal);
      report(kind);
      throw new UpstreamFault(kind, { platform, operation, detail: errorCodeOf(error) });
    }
  }

  async function send(request: UpstreamRequest): Promise<UpstreamAnswer> {
    const { operation, idempotent } = request;
    const policy = idempotent ? policies.retried : policies.once;
    try {
      return await policy.execute(({ signal }) => exchangeObserved(request, signal));
    } catch (error) {
      if (error instanceof UpstreamFault) throw error;
      const kind = policyFaultKind(error);
      if (kind === undefined) throw error;
      // A call cut off while it was under way has been reported where it ran.
      if (kind === 'overloaded' || kind === 'circuitOpen') {
        onCall?.({ platform, operation, milliseconds: 0, outcome: kind });
      }
      throw new UpstreamFault(kind, { platform, operation });
    }
  }

  return {
    send,
    async close() {
      closed = true;
      await pool.destroy();
    },
  };
}
