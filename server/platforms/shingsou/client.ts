import { FormData } from 'undici';
import type { z } from 'zod';
import {
  checkRequest,
  createOperationClient,
  exchangeWithToken,
  readData,
  unusableAnswer,
} from '../operation-client';
import type {
  AnswerContext,
  CallResult as OperationCallResult,
  OperationClient,
} from '../operation-client';
import { readHttpDate } from '../http-date';
import { parseJson } from '../parse-json';
import type { TokenHolder } from '../token-holder';
import type {
  RequestHeaders,
  UpstreamAnswer,
  UpstreamHttp,
  UpstreamRequest,
} from '../upstream-http';
import type { PlatformClock } from '../platform-clock';
import { onlyOnce } from '../warn';
import { describeError, envelope, gatewayHeaders, operations, refusalNames } from './operations';
import type { Operation, OperationName, RefusalName } from './operations';

export type { Warn } from '../warn';

export type AnswerOf<Name extends OperationName> = z.output<(typeof operations)[Name]['answer']>;

export interface RefusedResult {
  outcome: 'refused';
  name: RefusalName;
  description: string;
  /** As in a result that is done. */
  platformTime?: number | null;
}

export type CallResult<Data> = OperationCallResult<Data, RefusedResult>;

export interface ShingsouClientOptions extends Omit<AnswerContext, 'platform'> {
  /** Calls the gateway. */
  http: UpstreamHttp;
  tokens: TokenHolder;
  subscriptionKey: string;
  /** Synchronized with every answer. */
  platformClock: PlatformClock;
}

export interface ShingsouClient extends OperationClient<typeof operations, RefusedResult> {
  /**
   * Calls an operation that is chosen at runtime.
   * @throws TypeError if the request does not match its schema
   */
  perform(operation: Operation, request: unknown): Promise<CallResult<unknown>>;
}

type ClientContext = ShingsouClientOptions & AnswerContext;

/** A request without its credentials. */
type BareRequest = Omit<UpstreamRequest, 'headers'> & { headers?: RequestHeaders };

const PLATFORM = 'shingsou';
const SUCCESS = 200;
const TOO_MANY_REQUESTS = 429;

type Fields = readonly (readonly [name: string, value: unknown])[];

function toQuery(fields: Fields): Record<string, string> {
  return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
}

function toFormData(fields: Fields): FormData {
  const form = new FormData();
  for (const [name, value] of fields) {
    if (value instanceof File) form.set(name, value, value.name);
    else form.set(name, String(value));
  }
  return form;
}

/** GET and DELETE carry the fields in the query, all other methods in the body. */
function encodeFields({ method, multipart }: Operation, fields: Fields): Partial<BareRequest> {
  if (method === 'GET' || method === 'DELETE') return { query: toQuery(fields) };
  if (multipart) return { body: toFormData(fields) };
  return {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(Object.fromEntries(fields)),
  };
}

/** @throws TypeError if the request does not match its schema */
function buildRequest(operation: Operation, request: unknown): BareRequest {
  const { id, method, path, idempotent } = operation;
  const fields = checkRequest(PLATFORM, operation, request);
  return { operation: id, method, path, idempotent, ...encodeFields(operation, fields) };
}

function sendWith(
  { http, subscriptionKey }: ClientContext,
  request: BareRequest,
  token: string,
): Promise<UpstreamAnswer> {
  return http.send({
    ...request,
    headers: {
      ...request.headers,
      [gatewayHeaders.subscriptionKey]: subscriptionKey,
      [gatewayHeaders.authorization]: `Bearer ${token}`,
    },
  });
}

/** Describes an answer without an envelope, which comes from the gateway and not from an operation. */
function describeBareAnswer({ status, headers }: UpstreamAnswer): string {
  if (status !== TOO_MANY_REQUESTS) return `HTTP ${String(status)} without an envelope`;
  const seconds = /^\d{1,6}$/.exec(headers['retry-after'] ?? '')?.[0];
  return `too many requests${seconds === undefined ? '' : `, retry after ${seconds} s`}`;
}

function isRefusalName(name: unknown): name is RefusalName {
  return refusalNames.some((known) => known === name);
}

/** Only a listed refusal is one. After any other error, the operation may have been carried out. */
function readAnswer(
  context: ClientContext,
  operation: Operation,
  answer: UpstreamAnswer,
): CallResult<unknown> {
  const { status } = answer;
  const unusable = (problem: string) => unusableAnswer(context, operation.id, problem);
  if (status >= 500) return unusable(`HTTP ${String(status)}`);
  const wrapped = envelope.safeParse(parseJson(answer.text));
  if (!wrapped.success) return unusable(describeBareAnswer(answer));
  const { code, name, description, data } = wrapped.data;
  if (code === SUCCESS) {
    return status < 300
      ? readData(context, operation, data)
      : unusable(`HTTP ${String(status)} around an answer that reports success`);
  }
  if (!isRefusalName(name)) {
    return unusable(`unlisted code ${String(code)} ${(name ?? '').slice(0, 60)}`.trim());
  }
  const text = description || describeError(name);
  return { outcome: 'refused', name, description: text.slice(0, 200) };
}

/** A client of 旭宇's gateway: access token, headers, envelope, and the schemas of the operations. */
export function createShingsouClient(options: ShingsouClientOptions): ShingsouClient {
  const { platformClock } = options;
  const warnOnce = onlyOnce(options.warn);
  const context: ClientContext = { ...options, platform: PLATFORM, warnOnce };

  async function perform(operation: Operation, request: unknown): Promise<CallResult<unknown>> {
    const built = buildRequest(operation, request);
    return exchangeWithToken(
      context.tokens,
      async (token) => {
        const answer = await sendWith(context, built, token);
        platformClock.synchronize(answer.headers.date);
        return answer;
      },
      (answer) => {
        const result = readAnswer(context, operation, answer);
        // The absence of an order is measured by the platform's clock.
        return operation.id === operations.orders.id
          ? { ...result, platformTime: readHttpDate(answer.headers.date) }
          : result;
      },
    );
  }

  return { ...createOperationClient(operations, perform), perform };
}
