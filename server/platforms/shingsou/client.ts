import type { z } from 'zod';
import { parseJson } from '../parse-json';
import { PlatformUnavailable } from '../ports';
import type { TokenHolder } from '../token-holder';
import { UpstreamFault } from '../upstream-fault';
import type {
  RequestHeaders,
  UpstreamAnswer,
  UpstreamHttp,
  UpstreamRequest,
} from '../upstream-http';
import { envelope, gatewayHeaders, operations, refusalNames } from './operations';
import type { Operation, OperationName, RefusalName } from './operations';

/** Told what an operator should look into; details carry no number, token or key. */
export type Warn = (message: string, details: Readonly<Record<string, unknown>>) => void;

type RequestOf<Name extends OperationName> = z.input<(typeof operations)[Name]['request']>;
export type AnswerOf<Name extends OperationName> = z.output<(typeof operations)[Name]['answer']>;

export type Refused = { outcome: 'refused'; name: RefusalName; description: string };

export type CallResult<Data> =
  | { outcome: 'done'; data: Data }
  | Refused
  /** No usable answer: what came of the call, if anything, has to be asked. */
  | { outcome: 'unknown'; message: string };

export interface ShingsouClientOptions {
  /** Calls the gateway. */
  http: UpstreamHttp;
  tokens: TokenHolder;
  subscriptionKey: string;
  warn: Warn;
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
   * Calls an operation that only asks.
   * @throws PlatformUnavailable where no usable answer came.
   */
  ask<Name extends OperationName>(
    name: Name,
    request: RequestOf<Name>,
  ): Promise<Exclude<CallResult<AnswerOf<Name>>, { outcome: 'unknown' }>>;
}

/** A request before it is told who sends it. */
type BareRequest = Omit<UpstreamRequest, 'headers'> & { headers?: RequestHeaders };

const SUCCESS = 200;

function pathsOf(error: z.ZodError): string[] {
  return error.issues.map(({ path }) => path.map(String).join('.'));
}

function isRefusalName(name: unknown): name is RefusalName {
  return refusalNames.some((known) => known === name);
}

function buildRequest(operation: Operation, request: unknown): BareRequest {
  const checked = operation.request.safeParse(request);
  if (!checked.success) {
    const fields = pathsOf(checked.error).join(', ');
    throw new TypeError(`shingsou ${operation.id}: the request does not fit in ${fields}`);
  }
  const { id, method, path, repeatable } = operation;
  const base = { operation: id, method, path, repeatable };
  if (method === 'GET') return { ...base, query: asQuery(checked.data) };
  return {
    ...base,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(checked.data),
  };
}

function asQuery(data: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, String(value)]));
}

/** 旭宇's gateway: tokens, headers, envelope and schemas of the operation table. */
export function createShingsouClient(options: ShingsouClientOptions): ShingsouClient {
  const { http, tokens, subscriptionKey, warn } = options;

  function unusable(operation: Operation, message: string, fields?: string[]): CallResult<never> {
    warn('unusable answer', { operation: operation.id, message, ...(fields && { fields }) });
    return { outcome: 'unknown', message: `shingsou ${operation.id}: ${message}` };
  }

  function readDone(operation: Operation, status: number, data: unknown): CallResult<unknown> {
    if (status >= 300) {
      return unusable(operation, `HTTP ${String(status)} around an answer that says success`);
    }
    const answer = operation.answer.safeParse(data);
    return answer.success
      ? { outcome: 'done', data: answer.data }
      : unusable(operation, 'the answer does not fit the table', pathsOf(answer.error));
  }

  /** Takes the answer out of its envelope. Only a listed refusal is a refusal: all else may have been done. */
  function readAnswer(operation: Operation, { status, text }: UpstreamAnswer): CallResult<unknown> {
    if (status >= 500) return unusable(operation, `HTTP ${String(status)}`);
    const wrapped = envelope.safeParse(parseJson(text));
    if (!wrapped.success) return unusable(operation, `HTTP ${String(status)} without an envelope`);
    const { code, name, description, data } = wrapped.data;
    if (code === SUCCESS) return readDone(operation, status, data);
    if (isRefusalName(name)) {
      return { outcome: 'refused', name, description: (description ?? name).slice(0, 200) };
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

  /** A 401 is given before anything is done, so the one repeat is safe for every operation. */
  async function sendAuthorised(request: BareRequest): Promise<UpstreamAnswer> {
    const token = await tokens.current();
    const answer = await sendWith(request, token.value);
    if (answer.status !== 401) return answer;
    const renewed = await tokens.refresh(token.value);
    return sendWith(request, renewed.value);
  }

  async function perform(operation: Operation, request: unknown): Promise<CallResult<unknown>> {
    const built = buildRequest(operation, request);
    try {
      return readAnswer(operation, await sendAuthorised(built));
    } catch (error) {
      if (error instanceof UpstreamFault || error instanceof PlatformUnavailable) {
        return { outcome: 'unknown', message: error.message };
      }
      throw error;
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
    async ask(name, request) {
      const result = await call(name, request);
      if (result.outcome === 'unknown') throw new PlatformUnavailable(result.message);
      return result;
    },
  };
}
