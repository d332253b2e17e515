import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { readData, requireAnswer, unusableAnswer } from '../operation-client';
import type {
  AnswerContext,
  CallResult as OperationCallResult,
  UnknownResult,
} from '../operation-client';
import { parseJson } from '../parse-json';
import { UpstreamFault } from '../upstream-fault';
import type { UpstreamAnswer, UpstreamHttp, UpstreamRequest } from '../upstream-http';
import { downloadCertificates } from './download-certificates';
import { errorCode, retryableCodes, toRefusalCode } from './error-codes';
import type { RefusalCode } from './error-codes';
import { createPlatformKeys } from './platform-keys';
import type { PlatformKeys } from './platform-keys';
import { signRequest } from './build-request';
import type { ApiRequest, RequestSigner } from './build-request';
import { describeUnverified, verifyAnswer } from './verify-answer';

export type { Warn } from '../warn';

export interface RefusedResult {
  outcome: 'refused';
  code: RefusalCode;
  description: string;
}

type CallResult<Data> = OperationCallResult<Data, RefusedResult>;

export interface WechatPayClientOptions extends RequestSigner, Omit<AnswerContext, 'platform'> {
  http: UpstreamHttp;
  apiV3Key: KeyObject;
}

export interface WechatPayClient {
  /** Calls an operation. An answer counts only if WeChat Pay signed it. */
  call<Schema extends z.ZodType>(
    request: ApiRequest,
    schema: Schema,
  ): Promise<CallResult<z.output<Schema>>>;
  /** Calls an operation that changes nothing. @throws PlatformUnavailable if no usable answer came */
  query<Schema extends z.ZodType>(
    request: ApiRequest,
    schema: Schema,
  ): Promise<Exclude<CallResult<z.output<Schema>>, UnknownResult>>;
  /** Signs a request that another HTTP client sends. */
  sign(request: ApiRequest): UpstreamRequest;
  keys: PlatformKeys;
}

type ClientContext = WechatPayClientOptions & AnswerContext & { keys: PlatformKeys };

const PLATFORM = 'wechatpay';

/** APIv3 接口规则, 错误信息. */
const errorAnswer = z.object({ code: errorCode, message: z.string() });

export function formatMessage(operation: string, problem: string): string {
  return `${PLATFORM} ${operation}: ${problem}`;
}

function readError(
  context: AnswerContext,
  operation: string,
  { status, text }: UpstreamAnswer,
): RefusedResult | UnknownResult {
  const error = errorAnswer.safeParse(parseJson(text));
  if (!error.success) {
    return unusableAnswer(context, operation, `HTTP ${String(status)} without an error code`);
  }
  const { code, message } = error.data;
  const refusalCode = status < 500 ? toRefusalCode(code) : undefined;
  if (refusalCode !== undefined) {
    return { outcome: 'refused', code: refusalCode, description: message.slice(0, 200) };
  }
  const problem = `HTTP ${String(status)} ${code}`;
  return retryableCodes.includes(code)
    ? { outcome: 'unknown', message: formatMessage(operation, problem) }
    : unusableAnswer(context, operation, problem);
}

async function readAnswer<Schema extends z.ZodType>(
  context: ClientContext,
  { id, answer: schema }: { id: string; answer: Schema },
  answer: UpstreamAnswer,
): Promise<CallResult<z.output<Schema>>> {
  const { keys, clock } = context;
  const problem = await verifyAnswer(answer, (serial) => keys.find(serial), clock());
  if (problem !== undefined) {
    return unusableAnswer(context, id, describeUnverified(answer, problem));
  }
  if (answer.status >= 300) return readError(context, id, answer);
  return readData(context, { id, answer: schema }, parseJson(answer.text));
}

async function call<Schema extends z.ZodType>(
  context: ClientContext,
  request: ApiRequest,
  schema: Schema,
): Promise<CallResult<z.output<Schema>>> {
  try {
    const answer = await context.http.send(signRequest(context, request));
    return await readAnswer(context, { id: request.operation, answer: schema }, answer);
  } catch (error) {
    if (error instanceof UpstreamFault) return { outcome: 'unknown', message: error.message };
    throw error;
  }
}

/** A client of WeChat Pay v3. Signs every request, and accepts only signed answers. */
export function createWechatPayClient(options: WechatPayClientOptions): WechatPayClient {
  const { publicKey, clock } = options;
  const keys = createPlatformKeys({
    publicKey,
    download: (findCached) => downloadCertificates(options, findCached),
    clock,
  });
  const context: ClientContext = { ...options, platform: PLATFORM, keys };
  return {
    call: (request, schema) => call(context, request, schema),
    query: async (request, schema) => requireAnswer(await call(context, request, schema)),
    sign: (request) => signRequest(options, request),
    keys,
  };
}
