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
import { parseStrictJson } from '../strict-json';
import type { TokenHolder } from '../token-holder';
import type { UpstreamAnswer, UpstreamHttp, UpstreamRequest } from '../upstream-http';
import { SUCCESS, envelope, isRefusalCode, readMessage, refusalTexts } from './envelope';
import type { RefusalCode } from './envelope';
import { operations } from './operations';
import type { Operation, OperationName } from './operations';

export type { Warn } from '../warn';

export type AnswerOf<Name extends OperationName> = z.output<(typeof operations)[Name]['answer']>;

/** Refused by a check before anything was done; the message is the platform's own. */
interface RefusedResult {
  outcome: 'refused';
  code: RefusalCode;
  message: string;
}

type CallResult<Data> = OperationCallResult<Data, RefusedResult>;

export interface MxchipClientOptions extends Omit<AnswerContext, 'platform'> {
  http: UpstreamHttp;
  tokens: TokenHolder;
}

export interface MxchipClient extends OperationClient<typeof operations, RefusedResult> {
  /**
   * Calls an operation that is chosen at runtime.
   * @throws TypeError if the request does not match its schema
   */
  perform(operation: Operation, request: unknown): Promise<CallResult<unknown>>;
}

/** A request without its credentials. */
type BareRequest = Omit<UpstreamRequest, 'headers'>;

const PLATFORM = 'mxchip';

/** @throws TypeError if the request does not match its schema */
function buildRequest(operation: Operation, request: unknown): BareRequest {
  const { id, method, path, changes } = operation;
  const fields = checkRequest(PLATFORM, operation, request);
  const query = Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
  const bare = { operation: id, method, path, idempotent: !changes };
  return method === 'GET'
    ? { ...bare, query }
    : { ...bare, body: new URLSearchParams(query).toString() };
}

function sendWith(
  http: UpstreamHttp,
  request: BareRequest,
  token: string,
): Promise<UpstreamAnswer> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(request.body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
  };
  return http.send({ ...request, headers });
}

/** Only a listed refusal is one. After any other error, the operation may have been carried out. */
function readAnswer(
  context: AnswerContext,
  operation: Operation,
  { status, text }: UpstreamAnswer,
): CallResult<unknown> {
  const unusable = (problem: string) => unusableAnswer(context, operation.id, problem);
  const wrapped = envelope.safeParse(parseStrictJson(text));
  if (!wrapped.success) return unusable(`HTTP ${status} without an envelope`);
  if (status >= 500) return unusable(`HTTP ${status}`);
  const { code, message } = wrapped.data.meta;
  if (code === SUCCESS) {
    return status < 300
      ? readData(context, operation, wrapped.data.data)
      : unusable(`HTTP ${status} around an answer that reports success`);
  }
  if (!isRefusalCode(code)) return unusable(`code ${code}`);
  return { outcome: 'refused', code, message: readMessage(message) || refusalTexts[code] };
}

/** A client of 庆科's platform: access token, envelope, error codes, and the schemas of the operations. */
export function createMxchipClient({
  http,
  tokens,
  ...context
}: MxchipClientOptions): MxchipClient {
  const answerContext: AnswerContext = { ...context, platform: PLATFORM };

  async function perform(operation: Operation, request: unknown): Promise<CallResult<unknown>> {
    const built = buildRequest(operation, request);
    return exchangeWithToken(
      tokens,
      (token) => sendWith(http, built, token),
      (answer) => readAnswer(answerContext, operation, answer),
    );
  }

  return { ...createOperationClient(operations, perform), perform };
}
