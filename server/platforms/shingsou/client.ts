import { FormData } from 'undici';
import type { z } from 'zod';
import { sendWithToken, toUnknownOutcome } from '../send-with-token';
import type { ObserveAnswer } from '../answer-observer';
import { parseJson } from '../parse-json';
import { PlatformUnavailable } from '../ports';
import type { TokenHolder } from '../token-holder';
import type {
  RequestHeaders,
  UpstreamAnswer,
  UpstreamHttp,
  UpstreamRequest,
} from '../upstream-http';
import { describeError, envelope, gatewayHeaders, operations, refusalNames } from './operations';
import type { Operation, OperationName, RefusalName } from './operations';
import type { Warn } from '../warn';
import { invalidFields } from '../warn';

export type { Warn } from '../warn';

type RequestOf<Name extends OperationName> = z.input<(typeof operations)[Name]['request']>;
export type AnswerOf<Name extends OperationName> = z.output<(typeof operations)[Name]['answer']>;

export type RefusedResult = { outcome: 'refused'; name: RefusalName; description: string };

export type CallResult<Data> =
  | { outcome: 'done'; data: Data }
  | RefusedResult
  /** No usable answer: what came of the call, if anything, has to be asked. */
  | { outcome: 'unknown'; message: string };

export interface ShingsouClientOptions {
  /** Calls the gateway. */
  http: UpstreamHttp;
  tokens: TokenHolder;
  subscriptionKey: string;
  warn: Warn;
  onAnswer?: ObserveAnswer | undefined;
}

export interface ShingsouClient {
  /**
   * Calls an operation of the table.
   * @throws TypeError if the request does not fit the table: a mistake on our side.
   */
  call<Name extends OperationName>(
    name: Name,
    request: RequestOf<Name>,
  ): Promise<CallResult<AnswerOf<Name>>>;
  /**
   * Calls an operation with a request that somebody else has put together.
   * @throws TypeError if the request does not fit the table.
   */
  perform(operation: Operation, request: unknown): Promise<CallResult<unknown>>;
  /**
   * Calls an operation that only asks.
   * @throws PlatformUnavailable where no usable answer came.
   */
  query<Name extends OperationName>(
    name: Name,
    request: RequestOf<Name>,
  ): Promise<Exclude<CallResult<AnswerOf<Name>>, { outcome: 'unknown' }>>;
}

/** A request before it is told who sends it. */
type BareRequest = Omit<UpstreamRequest, 'headers'> & { headers?: RequestHeaders };

const SUCCESS = 200;
const TOO_MANY_REQUESTS = 429;

function isRefusalName(name: unknown): name is RefusalName {
  return refusalNames.some((known) => known === name);
}

type Fields = Readonly<Record<string, unknown>>;

function definedEntries(data: Fields): [string, unknown][] {
  return Object.entries(data).filter(([, value]) => value !== undefined);
}

function toQuery(data: Fields): Record<string, string> {
  return Object.fromEntries(definedEntries(data).map(([name, value]) => [name, String(value)]));
}

function toFormData(data: Fields): FormData {
  const form = new FormData();
  for (const [name, value] of definedEntries(data)) {
    if (value instanceof File) form.set(name, value, value.name);
    else form.set(name, String(value));
  }
  return form;
}

/** Where the fields of a request go: into the query where nothing but the address can carry them. */
function encodeFields({ method, multipart }: Operation, data: Fields): Partial<BareRequest> {
  if (method === 'GET' || method === 'DELETE') return { query: toQuery(data) };
  if (multipart) return { body: toFormData(data) };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(data) };
}

function buildRequest(operation: Operation, request: unknown): BareRequest {
  const { id, method, path, idempotent: repeatable } = operation;
  const checked = operation.request.safeParse(request);
  if (!checked.success) {
    const fields = invalidFields(checked.error).join(', ');
    throw new TypeError(`shingsou ${id}: the request does not fit in ${fields}`);
  }
  return {
    operation: id,
    method,
    path,
    idempotent: repeatable,
    ...encodeFields(operation, checked.data),
  };
}

/** Why an answer without an envelope is none, as far as the gateway in front says it. */
function describeBareAnswer({ status, headers }: UpstreamAnswer): string {
  const wait = /^\d{1,6}$/.exec(headers['retry-after'] ?? '')?.[0];
  if (status !== TOO_MANY_REQUESTS) return `HTTP ${String(status)} without an envelope`;
  return `too many requests${wait === undefined ? '' : `, to be tried again after ${wait} s`}`;
}

/** 旭宇's gateway: tokens, headers, envelope and schemas of the operation table. */
export function createShingsouClient(options: ShingsouClientOptions): ShingsouClient {
  const { http, tokens, subscriptionKey, warn, onAnswer } = options;

  function unusable(operation: Operation, message: string, fields?: string[]): CallResult<never> {
    warn('unusable answer', { operation: operation.id, message, ...(fields && { fields }) });
    return { outcome: 'unknown', message: `shingsou ${operation.id}: ${message}` };
  }

  function readDone(operation: Operation, status: number, data: unknown): CallResult<unknown> {
    if (status >= 300) {
      return unusable(operation, `HTTP ${String(status)} around an answer that says success`);
    }
    onAnswer?.({ operation: operation.id, schema: operation.answer, data });
    const answer = operation.answer.safeParse(data);
    return answer.success
      ? { outcome: 'done', data: answer.data }
      : unusable(operation, 'the answer does not fit the table', invalidFields(answer.error));
  }

  /** Takes the answer out of its envelope. Only a listed refusal is a refusal: all else may have been done. */
  function readAnswer(operation: Operation, received: UpstreamAnswer): CallResult<unknown> {
    const { status, text } = received;
    if (status >= 500) return unusable(operation, `HTTP ${String(status)}`);
    const wrapped = envelope.safeParse(parseJson(text));
    if (!wrapped.success) return unusable(operation, describeBareAnswer(received));
    const { code, name, description, data } = wrapped.data;
    if (code === SUCCESS) return readDone(operation, status, data);
    if (isRefusalName(name)) {
      return {
        outcome: 'refused',
        name,
        description: (description || describeError(name)).slice(0, 200),
      };
    }
    return unusable(operation, `unlisted code ${String(code)} ${(name ?? '').slice(0, 60)}`.trim());
  }

  function sendWith(request: BareRequest, token: string): Promise<UpstreamAnswer> {
    return http.send({
      ...request,
      headers: {
        ...request.headers,
        [gatewayHeaders.subscriptionKey]: subscriptionKey,
        [gatewayHeaders.authorization]: `Bearer ${token}`,
      },
    });
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
