import type { z } from 'zod';
import type { ObserveAnswer } from '../answer-observer';
import { PlatformBusy, PlatformUnavailable } from '../ports';
import { parseStrictJson } from '../strict-json';
import { UpstreamFault } from '../upstream-fault';
import type { UpstreamAnswer, UpstreamHttp } from '../upstream-http';
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
import type { Throttle } from './throttle';
import type { PlatformClock } from './platform-clock';
import { signParameters } from './signature';
import type { Parameters } from './signature';
import type { Warn } from '../warn';
import { invalidFields } from '../warn';

export type { Warn } from '../warn';

type RequestOf<Name extends OperationName> = z.input<(typeof operations)[Name]['request']>;
export type AnswerOf<Name extends OperationName> = z.output<(typeof operations)[Name]['answer']>;

/** Refused by a check that comes before any doing. */
export type RefusedResult = { outcome: 'refused'; code: RefusalCode; message: string };

export type CallResult<Data> =
  | { outcome: 'done'; data: Data }
  | RefusedResult
  /** Turned away before anything was done, for the crowd or because it is down; later it may be taken. */
  | { outcome: 'busy'; isDown: boolean; message: string }
  /** No usable answer: what came of the call, if anything, has to be asked. */
  | { outcome: 'unknown'; message: string };

type Unanswered = { outcome: 'busy' | 'unknown' };

export interface DakashiClientOptions {
  http: UpstreamHttp;
  dialect: Dialect;
  clientId: string;
  clientSecret: string;
  clock: PlatformClock;
  throttle: Throttle;
  /** How long a question and a deed may wait for their turn, in milliseconds. */
  maxWait: { read: number; write: number };
  /** The pause after the platform said 55012, in milliseconds; the next ones double. */
  rateLimitPause: number;
  warn: Warn;
  onAnswer?: ObserveAnswer | undefined;
}

export interface DakashiClient {
  /**
   * Calls an operation of the table.
   * @throws TypeError if the request does not fit the table: a mistake on our side.
   */
  call<Name extends OperationName>(
    name: Name,
    request: RequestOf<Name>,
  ): Promise<CallResult<AnswerOf<Name>>>;
  /**
   * Calls an operation that only asks.
   * @throws PlatformUnavailable where no usable answer came, PlatformBusy where it was turned away
   */
  query<Name extends OperationName>(
    name: Name,
    request: RequestOf<Name>,
  ): Promise<Exclude<CallResult<AnswerOf<Name>>, Unanswered>>;
  /** The same for an operation that is chosen by its name as it runs. */
  perform(operation: Operation, request: unknown): Promise<CallResult<unknown>>;
}

/** How often a call that came too soon is made again. */
const MAX_RATE_LIMIT_RETRIES = 3;

/** One exchange: what it came to, and the platform's time of day, where an answer told it. */
interface Exchange {
  result: CallResult<unknown>;
  date: string | undefined;
}

function isParameter(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** The request as the table wants it. The message names fields, never values. */
function checkRequest(operation: Operation, request: unknown): Parameters {
  const checked = operation.request.safeParse(request);
  if (!checked.success) {
    const fields = invalidFields(checked.error).join(', ');
    throw new TypeError(`dakashi ${operation.id}: the request does not fit in ${fields}`);
  }
  const given = Object.entries(checked.data).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => {
      if (!isParameter(value)) throw new TypeError(`dakashi ${operation.id}: ${name} is no text`);
      return [name, value];
    }),
  );
}

/** 大卡师: its signature, envelope, error codes, pace and clock around the operation table. */
export function createDakashiClient(options: DakashiClientOptions): DakashiClient {
  const { http, dialect, clientId, clientSecret, clock, throttle, maxWait, warn } = options;
  const { onAnswer } = options;

  function body(parameters: Parameters): string {
    const stamped = {
      ...parameters,
      [accountFields[dialect]]: clientId,
      timestamp: Math.floor(clock.now() / 1000),
    };
    return JSON.stringify({ ...stamped, sign: signParameters(stamped, clientSecret) });
  }

  function unusable(operation: Operation, problem: string, fields?: string[]): CallResult<never> {
    warn('unusable answer', { operation: operation.id, problem, ...(fields && { fields }) });
    return { outcome: 'unknown', message: `dakashi ${operation.id}: ${problem}` };
  }

  function readDone(operation: Operation, wrapped: z.output<typeof envelope>): CallResult<unknown> {
    const { errcode: _code, errmsg: _message, data, ...beside } = wrapped;
    const payload = operation.place === 'envelope' ? beside : data;
    onAnswer?.({ operation: operation.id, schema: operation.answer, data: payload });
    const answer = operation.answer.safeParse(payload);
    return answer.success
      ? { outcome: 'done', data: answer.data }
      : unusable(operation, 'the answer does not fit the table', invalidFields(answer.error));
  }

  /** Only a listed refusal is one: after any other word, the call may have been carried out. */
  function readAnswer(operation: Operation, { status, text }: UpstreamAnswer): CallResult<unknown> {
    const wrapped = envelope.safeParse(parseStrictJson(text));
    if (status >= 300 || !wrapped.success) {
      return unusable(
        operation,
        `HTTP ${status} ${wrapped.success ? 'around an answer' : 'without an envelope'}`,
      );
    }
    const { errcode, errmsg } = wrapped.data;
    if (errcode === 0) return readDone(operation, wrapped.data);
    if (isRefusalCode(errcode)) {
      return { outcome: 'refused', code: errcode, message: `${errcode} ${errorTexts[errcode]}` };
    }
    return unusable(operation, `error ${errcode} ${redactNumbers(errmsg)}`.trim());
  }

  function readFault(error: unknown): CallResult<never> {
    if (!(error instanceof UpstreamFault)) throw error;
    const { kind, message } = error;
    const isDown = kind === 'circuitOpen';
    const isUnsent = isDown || kind === 'overloaded';
    return isUnsent ? { outcome: 'busy', isDown, message } : { outcome: 'unknown', message };
  }

  async function exchange(operation: Operation, parameters: Parameters): Promise<Exchange> {
    const request = {
      operation: operation.id,
      method: 'POST',
      path: `/v1/${operation.id}`,
      headers: { 'content-type': 'application/json' },
      body: body(parameters),
      idempotent: !operation.changes,
    } as const;
    try {
      const answer = await http.send(request);
      return { result: readAnswer(operation, answer), date: answer.headers.date };
    } catch (error) {
      return { result: readFault(error), date: undefined };
    }
  }

  function busyResult(operation: Operation, problem: string): CallResult<never> {
    return { outcome: 'busy', isDown: false, message: `dakashi ${operation.id}: ${problem}` };
  }

  async function sendThrottled(operation: Operation, parameters: Parameters): Promise<Exchange> {
    const maxWaitMs = operation.changes ? maxWait.write : maxWait.read;
    if (await throttle.acquire(maxWaitMs)) return exchange(operation, parameters);
    return { result: busyResult(operation, 'too many calls are waiting'), date: undefined };
  }

  /** A time stamp is checked before anything is done, so the one repeat is safe for every operation. */
  async function sendWithClockCorrection(operation: Operation, parameters: Parameters) {
    const first = await sendThrottled(operation, parameters);
    const isStale = first.result.outcome === 'refused' && first.result.code === STALE_TIMESTAMP;
    if (isStale && clock.correctAfterRejection(first.date))
      return sendThrottled(operation, parameters);
    return first;
  }

  /** So is how often it is asked: whatever came too soon was not done. */
  async function perform(operation: Operation, request: unknown): Promise<CallResult<unknown>> {
    const parameters = checkRequest(operation, request);
    for (let repeat = 0; repeat <= MAX_RATE_LIMIT_RETRIES; repeat += 1) {
      const { result, date } = await sendWithClockCorrection(operation, parameters);
      if (result.outcome === 'done') clock.synchronize(date);
      if (result.outcome !== 'refused' || result.code !== RATE_LIMITED) return result;
      throttle.delay(options.rateLimitPause * 2 ** repeat);
    }
    return busyResult(operation, `${RATE_LIMITED} ${errorTexts[RATE_LIMITED]}`);
  }

  async function call<Name extends OperationName>(
    name: Name,
    request: RequestOf<Name>,
  ): Promise<CallResult<AnswerOf<Name>>> {
    const result = await perform(operations[name], request);
    // The schema of this very operation has just accepted the data.
    return result as CallResult<AnswerOf<Name>>;
  }

  return {
    call,
    perform,
    async query(name, request) {
      const result = await call(name, request);
      if (result.outcome === 'busy' && !result.isDown) throw new PlatformBusy(result.message);
      if (result.outcome === 'busy' || result.outcome === 'unknown') {
        throw new PlatformUnavailable(result.message);
      }
      return result;
    },
  };
}
