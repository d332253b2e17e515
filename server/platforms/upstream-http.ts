import type { IncomingHttpHeaders } from 'node:http';
import { Pool, errors } from 'undici';
import type { FormData } from 'undici';
import { UnreadableBody, decodeContent, decodeText } from './read-body';
import { CallTooLate, checkDeadline, currentDeadline } from './call-deadline';
import { UpstreamFault } from './upstream-fault';
import type { UpstreamFaultKind } from './upstream-fault';
import { createPolicies, defaultUpstreamLimits, policyFaultKind } from './upstream-policies';
import type { UpstreamLimits } from './upstream-policies';

/** One HTTP exchange with a platform, for metrics and logs. Holds no value of the request. */
export interface UpstreamCall {
  platform: string;
  operation: string;
  /** The HTTP status, if a response came. */
  status?: number;
  milliseconds: number;
  outcome: 'answered' | UpstreamFaultKind;
  /** What is wrong with a response that was refused, for the log. Holds no part of its body. */
  problem?: string;
}

export type RequestHeaders = Readonly<Record<string, string>>;

export interface UpstreamRequest {
  /** Names the request in errors, logs and metrics. */
  operation: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Readonly<Record<string, string>>;
  /** A function is called for each attempt: for headers with a signature or anything else valid only once. */
  headers?: RequestHeaders | (() => RequestHeaders);
  body?: string | FormData;
  /** Whether the request may be retried. */
  idempotent: boolean;
  /** What the body of the answer is: `bytes` for a file, whose text is not decoded. `text` unless given. */
  answer?: 'text' | 'bytes';
}

export interface UpstreamAnswer {
  status: number;
  /** Names in lower case. A repeated header is left out, because its value is ambiguous. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The body without its content encoding, for signatures and digests. */
  bytes: Buffer;
  /** The body decoded by its declared charset, UTF-8 unless declared; empty if the request asked for bytes. */
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
   * Sends a request. Returns any HTTP response that can be read, including errors, but no redirect.
   * @throws UpstreamFault if no such response came
   */
  send(request: UpstreamRequest): Promise<UpstreamAnswer>;
  /** Aborts calls in flight and closes every connection. */
  close(): Promise<void>;
}

/** A complete response that must not be used. The message holds no part of its body. */
class RefusedAnswer extends Error {
  override readonly name = 'RefusedAnswer';

  constructor(
    readonly kind: 'redirected' | 'unreadable' | 'answerTooLarge',
    readonly status: number,
    problem: string,
  ) {
    super(`HTTP ${String(status)}: ${problem}`);
  }
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
  if (error instanceof RefusedAnswer) return error.kind;
  if (error instanceof CallTooLate) return 'tooLate';
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

/** A path with its query, as sent. */
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

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

/** Where a redirect leads: the origin only, because path and query may hold a credential. */
function describeTarget(location: string | undefined, origin: string): string {
  if (location === undefined || !URL.canParse(location, origin)) return 'to no valid address';
  const target = new URL(location, origin);
  return target.origin === new URL(origin).origin ? 'to the same host' : `to ${target.origin}`;
}

/** The state of one platform's HTTP client. */
interface Connection {
  platform: string;
  origin: string;
  answerBytes: number;
  onCall: UpstreamHttpOptions['onCall'];
  pool: Pool;
  policies: ReturnType<typeof createPolicies>;
  isClosed: boolean;
}

/** @throws RefusedAnswer */
async function readAnswer(
  { origin, answerBytes }: Connection,
  { answer: kind = 'text' }: UpstreamRequest,
  { status, headers, body }: { status: number; headers: UpstreamAnswer['headers']; body: Buffer },
): Promise<UpstreamAnswer> {
  if (isRedirect(status)) {
    throw new RefusedAnswer('redirected', status, describeTarget(headers.location, origin));
  }
  try {
    const bytes = await decodeContent(body, headers['content-encoding'], answerBytes);
    const text = kind === 'text' ? decodeText(bytes, headers['content-type']) : '';
    return { status, headers, bytes, text };
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error;
    // The status of an error says enough: a proxy's error page must not hide that the platform is down.
    if (status >= 400) return { status, headers, bytes: body, text: '' };
    const fault = error.reason === 'tooLarge' ? 'answerTooLarge' : 'unreadable';
    throw new RefusedAnswer(fault, status, error.message);
  }
}

async function exchange(
  connection: Connection,
  request: UpstreamRequest,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  const { headers } = request;
  const deadline = request.method === 'GET' ? undefined : currentDeadline();
  const { pool } = connection;
  const dispatcher = deadline ? pool.compose(checkDeadline(deadline)) : pool;
  const answer = await dispatcher.request({
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
  return readAnswer(connection, request, {
    status: answer.statusCode,
    headers: singleValueHeaders(answer.headers),
    body: Buffer.from(await answer.body.arrayBuffer()),
  });
}

/** Sends a request once and reports the exchange. @throws UpstreamFault if no usable HTTP response came */
async function exchangeObserved(
  connection: Connection,
  request: UpstreamRequest,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  const { platform, onCall } = connection;
  const { operation } = request;
  const startedAt = performance.now();
  const report = (result: Pick<UpstreamCall, 'outcome' | 'status' | 'problem'>): void => {
    onCall?.({ platform, operation, milliseconds: performance.now() - startedAt, ...result });
  };
  try {
    const answer = await exchange(connection, request, signal);
    report({ outcome: 'answered', status: answer.status });
    return answer;
  } catch (error) {
    const kind = connection.isClosed ? 'closed' : transportFaultKind(error, signal);
    const refused = error instanceof RefusedAnswer ? error : undefined;
    report({
      outcome: kind,
      ...(refused && { status: refused.status, problem: refused.message }),
    });
    const detail = refused?.message ?? errorCodeOf(error);
    throw new UpstreamFault(kind, { platform, operation, detail });
  }
}

/** Sends a request under the policies. @throws UpstreamFault if no usable HTTP response came */
async function send(connection: Connection, request: UpstreamRequest): Promise<UpstreamAnswer> {
  const { platform, policies, onCall } = connection;
  const { operation, idempotent } = request;
  const policy = idempotent ? policies.retried : policies.once;
  try {
    return await policy.execute(({ signal }) => exchangeObserved(connection, request, signal));
  } catch (error) {
    if (error instanceof UpstreamFault) throw error;
    const kind = policyFaultKind(error);
    if (kind === undefined) throw error;
    // `exchangeObserved` has already reported a call that was aborted in flight.
    if (kind === 'overloaded' || kind === 'circuitOpen') {
      onCall?.({ platform, operation, milliseconds: 0, outcome: kind });
    }
    throw new UpstreamFault(kind, { platform, operation });
  }
}

/**
 * An HTTP client of one platform, with keep-alive connections. Every call is bounded in time and size, and
 * waits for one of a limited number of connections. Only idempotent requests are retried after a transient
 * fault. While the platform keeps failing, calls are rejected at once.
 */
export function createUpstreamHttp(options: UpstreamHttpOptions): UpstreamHttp {
  const { platform, origin, onCall } = options;
  const limits = { ...defaultUpstreamLimits, ...options.limits };
  const pool = new Pool(origin, {
    connections: limits.connections,
    connect: {
      timeout: limits.connectTimeout,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: limits.addressTimeout,
    },
    keepAliveTimeout: limits.idleTimeout,
    keepAliveMaxTimeout: limits.maxIdleTimeout,
    headersTimeout: limits.headersTimeout,
    bodyTimeout: limits.bodyTimeout,
    maxResponseSize: limits.answerBytes,
  });
  const policies = createPolicies(limits);
  const connection: Connection = {
    platform,
    origin,
    answerBytes: limits.answerBytes,
    onCall,
    pool,
    policies,
    isClosed: false,
  };
  return {
    send: (request) => send(connection, request),
    async close() {
      connection.isClosed = true;
      await pool.destroy();
    },
  };
}
