import type { z } from 'zod';
import {
  checkRequest,
  createOperationClient,
  readData,
  toUnanswered,
  unusableAnswer,
} from '../operation-client';
import type {
  AnswerContext,
  BusyResult,
  CallResult as OperationCallResult,
  OperationClient,
} from '../operation-client';
import { parseStrictJson } from '../strict-json';
import type { UpstreamAnswer, UpstreamHttp, UpstreamRequest } from '../upstream-http';
import { onlyOnce } from '../warn';
import {
  STALE_TIMESTAMP,
  RATE_LIMITED,
  errorTexts,
  isRefusalCode,
  redactNumbers,
} from './error-codes';
import type { RefusalCode } from './error-codes';
import { accountFields, envelope, operations } from './operations';
import type { Dialect, Operation, OperationName } from './operations';
import type { PlatformClock } from '../platform-clock';
import { signParameters } from './signature';
import type { Parameters } from './signature';
import type { Throttle } from './throttle';

export type { Warn } from '../warn';

export type AnswerOf<Name extends OperationName> = z.output<(typeof operations)[Name]['answer']>;

/** Refused by a check before anything was done. */
export interface RefusedResult {
  outcome: 'refused';
  code: RefusalCode;
  message: string;
}

export type CallResult<Data> = OperationCallResult<Data, RefusedResult | BusyResult>;

export interface DakashiClientOptions extends Omit<AnswerContext, 'platform'> {
  http: UpstreamHttp;
  dialect: Dialect;
  clientId: string;
  clientSecret: string;
  clock: PlatformClock;
  throttle: Throttle;
  /** The longest time a query (`read`) or a change (`write`) waits for the throttle, in milliseconds. */
  maxWait: { read: number; write: number };
  /** The pause after the platform's first rate limit error (55012), in milliseconds. It doubles each time. */
  rateLimitPause: number;
}

export interface DakashiClient extends OperationClient<
  typeof operations,
  RefusedResult | BusyResult
> {
  /**
   * Calls an operation that is chosen at runtime.
   * @throws TypeError if the request does not match its schema
   */
  perform(operation: Operation, request: unknown): Promise<CallResult<unknown>>;
}

type ClientContext = DakashiClientOptions & AnswerContext;

const PLATFORM = 'dakashi';
/** How many times a call is retried after a rate limit error. */
const MAX_RATE_LIMIT_RETRIES = 3;

/** The result of one HTTP exchange. */
interface Exchange {
  result: CallResult<unknown>;
  /** The Date header of the answer. */
  date: string | undefined;
}

function isParameter(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** @throws TypeError if the request does not match its schema */
function checkParameters(operation: Operation, request: unknown): Parameters {
  const fields = checkRequest(PLATFORM, operation, request);
  return Object.fromEntries(
    fields.map(([name, value]) => {
      if (!isParameter(value)) {
        throw new TypeError(`${PLATFORM} ${operation.id}: ${name} is neither text nor a number`);
      }
      return [name, value];
    }),
  );
}

function signedBody(
  { dialect, clientId, clientSecret, clock }: ClientContext,
  parameters: Parameters,
): string {
  const stamped = {
    ...parameters,
    [accountFields[dialect]]: clientId,
    timestamp: Math.floor(clock.now() / 1000),
  };
  return JSON.stringify({ ...stamped, sign: signParameters(stamped, clientSecret) });
}

function dataIn({ place }: Operation, wrapped: z.output<typeof envelope>): unknown {
  const { errcode: _code, errmsg: _message, data, ...beside } = wrapped;
  return place === 'envelope' ? beside : data;
}

/** Only a listed refusal is one. After any other error, the operation may have been carried out. */
function readAnswer(
  context: ClientContext,
  operation: Operation,
  { status, text }: UpstreamAnswer,
): CallResult<unknown> {
  const unusable = (problem: string) => unusableAnswer(context, operation.id, problem);
  const wrapped = envelope.safeParse(parseStrictJson(text));
  if (!wrapped.success) return unusable(`HTTP ${status} without an envelope`);
  if (status >= 300) return unusable(`HTTP ${status} around an answer`);
  const { errcode, errmsg } = wrapped.data;
  if (errcode === 0) return readData(context, operation, dataIn(operation, wrapped.data));
  if (!isRefusalCode(errcode)) return unusable(`error ${errcode} ${redactNumbers(errmsg)}`.trim());
  return { outcome: 'refused', code: errcode, message: `${errcode} ${errorTexts[errcode]}` };
}

async function exchange(
  context: ClientContext,
  operation: Operation,
  parameters: Parameters,
): Promise<Exchange> {
  const request: UpstreamRequest = {
    operation: operation.id,
    method: 'POST',
    path: `/v1/${operation.id}`,
    headers: { 'content-type': 'application/json' },
    body: signedBody(context, parameters),
    idempotent: !operation.changes,
  };
  try {
    const answer = await context.http.send(request);
    return { result: readAnswer(context, operation, answer), date: answer.headers.date };
  } catch (error) {
    return { result: toUnanswered(error), date: undefined };
  }
}

function busyResult(operation: Operation, problem: string): BusyResult {
  return { outcome: 'busy', isDown: false, message: `${PLATFORM} ${operation.id}: ${problem}` };
}

async function exchangeThrottled(
  context: ClientContext,
  operation: Operation,
  parameters: Parameters,
): Promise<Exchange> {
  const { throttle, maxWait } = context;
  const maxWaitMs = operation.changes ? maxWait.write : maxWait.read;
  if (await throttle.acquire(maxWaitMs)) return exchange(context, operation, parameters);
  return { result: busyResult(operation, 'too many calls are waiting'), date: undefined };
}

/**
 * Sends a request once more if its timestamp was refused and the answer corrects our clock. The platform
 * checks the timestamp before it does anything, so this retry is safe for every operation.
 */
async function exchangeWithClockCorrection(
  context: ClientContext,
  operation: Operation,
  parameters: Parameters,
): Promise<Exchange> {
  const first = await exchangeThrottled(context, operation, parameters);
  const isStale = first.result.outcome === 'refused' && first.result.code === STALE_TIMESTAMP;
  const shouldRetry = isStale && context.clock.correctAfterRejection(first.date);
  return shouldRetry ? exchangeThrottled(context, operation, parameters) : first;
}

/** The platform also checks its rate limit before it does anything, so these retries are safe too. */
async function perform(
  context: ClientContext,
  operation: Operation,
  request: unknown,
): Promise<CallResult<unknown>> {
  const parameters = checkParameters(operation, request);
  for (let retry = 0; retry <= MAX_RATE_LIMIT_RETRIES; retry += 1) {
    const { result, date } = await exchangeWithClockCorrection(context, operation, parameters);
    if (result.outcome === 'done') context.clock.synchronize(date);
    if (result.outcome !== 'refused' || result.code !== RATE_LIMITED) return result;
    context.throttle.delay(context.rateLimitPause * 2 ** retry);
  }
  return busyResult(operation, `${RATE_LIMITED} ${errorTexts[RATE_LIMITED]}`);
}

/** A client of 大卡师: signature, envelope, error codes, throttle and clock, and the schemas of the operations. */
export function createDakashiClient(options: DakashiClientOptions): DakashiClient {
  const warnOnce = onlyOnce(options.warn);
  const context: ClientContext = { ...options, platform: PLATFORM, warnOnce };
  const performOperation = (operation: Operation, request: unknown) =>
    perform(context, operation, request);
  return {
    ...createOperationClient(operations, performOperation),
    perform: performOperation,
  };
}
