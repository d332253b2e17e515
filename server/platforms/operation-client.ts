import type { z } from 'zod';
import type { ObserveAnswer } from './answer-observer';
import { oddElementsIn } from './elements';
import { PlatformBusy, PlatformUnavailable } from './ports';
import { sendWithToken } from './send';
import type { TokenHolder } from './token-holder';
import { UpstreamFault } from './upstream-fault';
import type { UpstreamAnswer } from './upstream-http';
import { invalidFields } from './warn';
import type { Warn } from './warn';

/** What every client needs to know about an operation. */
export interface OperationSchemas {
  readonly id: string;
  readonly request: z.ZodObject;
  /** What is read from an answer that reports success. */
  readonly answer: z.ZodType;
}

type OperationTable = Readonly<Record<string, OperationSchemas>>;
type RequestOf<Operation extends OperationSchemas> = z.input<Operation['request']>;
type DataOf<Operation extends OperationSchemas> = z.output<Operation['answer']>;

/** The call was not sent, or rejected by a rate limit before anything was done. It can be retried. */
export interface BusyResult {
  outcome: 'busy';
  /** Whether the platform is failing, and not just busy. */
  isDown: boolean;
  message: string;
}

/** No usable answer came. Whether the call had any effect must be queried. */
export interface UnknownResult {
  outcome: 'unknown';
  message: string;
}

type Unanswered = BusyResult | UnknownResult;

/** `Other`: the outcomes that differ between platforms, such as a refusal with its error code. */
export type CallResult<Data, Other> = DoneResult<Data> | Other | UnknownResult;

interface DoneResult<Data> {
  outcome: 'done';
  data: Data;
  /** The platform's own time of the answer, in epoch ms, where a client reads it; null if there is none. */
  platformTime?: number | null;
}

/** A platform's operations as typed calls. */
export interface OperationClient<Table extends OperationTable, Other> {
  /**
   * Calls an operation of the table.
   * @throws TypeError if the request does not match its schema: a mistake on our side
   */
  call<Name extends keyof Table>(
    name: Name,
    request: RequestOf<Table[Name]>,
  ): Promise<CallResult<DataOf<Table[Name]>, Other>>;
  /**
   * Calls an operation that changes nothing.
   * @throws PlatformBusy if the call was rejected by a rate limit
   * @throws PlatformUnavailable if no usable answer came
   */
  query<Name extends keyof Table>(
    name: Name,
    request: RequestOf<Table[Name]>,
  ): Promise<Exclude<CallResult<DataOf<Table[Name]>, Other>, Unanswered>>;
}

/** What reading an answer needs to know about the platform. */
export interface AnswerContext {
  /** The platform's name, for error messages. */
  platform: string;
  warn: Warn;
  /** Reports elements that were left out of a list; `warn` by default. */
  warnOnce?: Warn | undefined;
  onAnswer?: ObserveAnswer | undefined;
}

/**
 * The fields of a request that have a value, checked by the operation's schema.
 * @throws TypeError that names the invalid fields, but never their values
 */
export function checkRequest(
  platform: string,
  { id, request: schema }: OperationSchemas,
  request: unknown,
): [name: string, value: unknown][] {
  const checked = schema.safeParse(request);
  if (!checked.success) {
    const fields = invalidFields(checked.error).join(', ');
    throw new TypeError(`${platform} ${id}: invalid request fields: ${fields}`);
  }
  return Object.entries(checked.data).filter(([, value]) => value !== undefined);
}

/** Reports an unusable answer to the operator. */
export function unusableAnswer(
  { platform, warn }: AnswerContext,
  operation: string,
  problem: string,
  fields?: string[],
): UnknownResult {
  warn('unusable answer', { operation, problem, ...(fields && { fields }) });
  return { outcome: 'unknown', message: `${platform} ${operation}: ${problem}` };
}

/** Reads the data of an answer that reports success. */
export function readData<Schema extends z.ZodType>(
  context: AnswerContext,
  { id, answer: schema }: { id: string; answer: Schema },
  data: unknown,
): { outcome: 'done'; data: z.output<Schema> } | UnknownResult {
  context.onAnswer?.({ operation: id, schema, data });
  const read = schema.safeParse(data);
  if (!read.success) {
    const problem = 'the answer does not match its schema';
    return unusableAnswer(context, id, problem, invalidFields(read.error));
  }
  const warnOnce = context.warnOnce ?? context.warn;
  for (const { id: element, fields } of oddElementsIn(read.data)) {
    warnOnce('omitted an element of a list', { operation: id, element, fields });
  }
  return { outcome: 'done', data: read.data };
}

/** Sends a request with an access token, and reads its answer. The outcome is unknown if none came. */
export async function exchangeWithToken<Result>(
  tokens: TokenHolder,
  send: (token: string) => Promise<UpstreamAnswer>,
  read: (answer: UpstreamAnswer) => Result,
): Promise<Result | UnknownResult> {
  try {
    return read(await sendWithToken(tokens, send));
  } catch (error) {
    if (error instanceof UpstreamFault || error instanceof PlatformUnavailable) {
      return { outcome: 'unknown', message: error.message };
    }
    throw error;
  }
}

/**
 * The result of a call without an HTTP response: `busy` if the request was never sent.
 * @throws the error itself if it is no UpstreamFault
 */
export function toUnanswered(error: unknown): BusyResult | UnknownResult {
  if (!(error instanceof UpstreamFault)) throw error;
  const { kind, message } = error;
  const isDown = kind === 'circuitOpen';
  const isUnsent = isDown || kind === 'overloaded';
  return isUnsent ? { outcome: 'busy', isDown, message } : { outcome: 'unknown', message };
}

function isUnanswered(result: { outcome: string }): result is Unanswered {
  return result.outcome === 'busy' || result.outcome === 'unknown';
}

/** @throws PlatformBusy, PlatformUnavailable if no usable answer came */
export function requireAnswer<Result extends { outcome: string }>(
  result: Result,
): Exclude<Result, Unanswered> {
  if (!isUnanswered(result)) return result as Exclude<Result, Unanswered>;
  if (result.outcome === 'busy' && !result.isDown) throw new PlatformBusy(result.message);
  throw new PlatformUnavailable(result.message);
}

/**
 * Makes typed calls of a platform's table of operations.
 * @param perform calls an operation with a request that is not checked yet
 */
export function createOperationClient<
  Table extends OperationTable,
  Other extends { outcome: string },
>(
  operations: Table,
  perform: (operation: Table[keyof Table], request: unknown) => Promise<CallResult<unknown, Other>>,
): OperationClient<Table, Other> {
  async function call<Name extends keyof Table>(name: Name, request: RequestOf<Table[Name]>) {
    const result = await perform(operations[name], request);
    // The schema of this operation has just accepted the data.
    return result as CallResult<DataOf<Table[Name]>, Other>;
  }

  return { call, query: async (name, request) => requireAnswer(await call(name, request)) };
}
