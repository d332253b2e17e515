import type { z } from 'zod';
import { sendWithToken, toUnknownOutcome } from '../send-with-token';
import type { ObserveAnswer } from '../answer-observer';
import { PlatformUnavailable } from '../ports';
import { parseStrictJson } from '../strict-json';
import type { TokenHolder } from '../token-holder';
import type { UpstreamAnswer, UpstreamHttp, UpstreamRequest } from '../upstream-http';
import { SUCCESS, envelope, isRefusalCode, readMessage, refusalTexts } from './envelope';
import type { RefusalCode } from './envelope';
import { operations } from './operations';
import type { Operation, OperationName } from './operations';
import type { Warn } from '../warn';
import { invalidFields } from '../warn';

export type { Warn } from '../warn';

type RequestOf<Name extends OperationName> = z.input<(typeof operations)[Name]['request']>;
export type AnswerOf<Name extends OperationName> = z.output<(typeof operations)[Name]['answer']>;

/** Refused by a check that comes before any doing; the message is the platform's own. */
export type RefusedResult = { outcome: 'refused'; code: RefusalCode; message: string };

export type CallResult<Data> =
  | { outcome: 'done'; data: Data }
  | RefusedResult
  /** No usable answer: what came of the call, if anything, has to be asked. */
  | { outcome: 'unknown'; message: string };

export interface MxchipClientOptions {
  http: UpstreamHttp;
  tokens: TokenHolder;
  warn: Warn;
  onAnswer?: ObserveAnswer | undefined;
}

export interface MxchipClient {
  /** Calls an operation of the table. @throws TypeError if the request does not fit it: a mistake on our side */
  call<Name extends OperationName>(
    name: Name,
    request: RequestOf<Name>,
  ): Promise<CallResult<AnswerOf<Name>>>;
  /** Calls an operation that only asks. @throws PlatformUnavailable where no usable answer came */
  query<Name extends OperationName>(
    name: Name,
    request: RequestOf<Name>,
  ): Promise<Exclude<CallResult<AnswerOf<Name>>, { outcome: 'unknown' }>>;
  /** As `call`, for an operation that is chosen as it runs. */
  perform(operation: Operation, request: unknown): Promise<CallResult<unknown>>;
}

/** A request before it is told who sends it. */
type BareRequest = Omit<UpstreamRequest, 'headers'>;

/** @throws TypeError naming fields, never values */
function buildRequest(operation: Operation, request: unknown): BareRequest {
  const { id, method, path, changes } = operation;
  const checked = operation.request.safeParse(request);
  if (!checked.success) {
    throw new TypeError(
      `mxchip ${id}: the request does not fit in ${invalidFields(checked.error).join()}`,
    );
  }
  const fields = Object.entries(checked.data).map(([name, value]) => [name, String(value)]);
  const parameters = Object.fromEntries(fields) as Record<string, string>;
  const bare = { operation: id, method, path, idempotent: !changes };
  return method === 'GET'
    ? { ...bare, query: parameters }
    : { ...bare, body: new URLSearchParams(parameters).toString() };
}

/** 庆科's platform: token, envelope, error codes and schemas of the operation table. */
export function createMxchipClient(options: MxchipClientOptions): MxchipClient {
  const { http, tokens, warn, onAnswer } = options;

  function unusable(operation: Operation, problem: string, fields?: string[]): CallResult<never> {
    warn('unusable answer', { operation: operation.id, problem, ...(fields && { fields }) });
    return { outcome: 'unknown', message: `mxchip ${operation.id}: ${problem}` };
  }

  function readDone(operation: Operation, status: number, data: unknown): CallResult<unknown> {
    if (status >= 300) return unusable(operation, `HTTP ${status} around an answer of success`);
    onAnswer?.({ operation: operation.id, schema: operation.answer, data });
    const answer = operation.answer.safeParse(data);
    return answer.success
      ? { outcome: 'done', data: answer.data }
      : unusable(operation, 'the answer does not fit the table', invalidFields(answer.error));
  }

  /** Only a listed refusal is one: after any other word, the call may have been carried out. */
  function readAnswer(operation: Operation, { status, text }: UpstreamAnswer): CallResult<unknown> {
    if (status >= 300 && status < 400) {
      return unusable(operation, `HTTP ${status}, a redirect, which is not followed`);
    }
    const wrapped = envelope.safeParse(parseStrictJson(text));
    if (status >= 500 || !wrapped.success) {
      return unusable(operation, `HTTP ${status}${wrapped.success ? '' : ' without an envelope'}`);
    }
    const { code, message } = wrapped.data.meta;
    if (code === SUCCESS) return readDone(operation, status, wrapped.data.data);
    if (!isRefusalCode(code)) return unusable(operation, `code ${code}`);
    return { outcome: 'refused', code, message: readMessage(message) || refusalTexts[code] };
  }

  function sendWith(request: BareRequest, token: string): Promise<UpstreamAnswer> {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const headers = { authorization: `Bearer ${token}`, ...(request.body !== undefined && form) };
    return http.send({ ...request, headers });
  }

  async function perform(operation: Operation, request: unknown): Promise<CallResult<unknown>> {
    const built = buildRequest(operation, request);
    try {
      const send = (token: string) => sendWith(built, token);
      return readAnswer(operation, await sendWithToken(tokens, send));
    } catch (error) {
      return toUnknownOutcome(error);
    }
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
      if (result.outcome === 'unknown') throw new PlatformUnavailable(result.message);
      return result;
    },
  };
}
