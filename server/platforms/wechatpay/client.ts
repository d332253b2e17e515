import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { ObserveAnswer } from '../answer-observer';
import { parseJson } from '../parse-json';
import { PlatformUnavailable } from '../ports';
import { UpstreamFault } from '../upstream-fault';
import { withQuery } from '../upstream-http';
import type { UpstreamAnswer, UpstreamHttp, UpstreamRequest } from '../upstream-http';
import { readCertificates } from './certificates';
import type { PlatformCertificate } from './certificates';
import { createPlatformKeys } from './platform-keys';
import type { PlatformKeys } from './platform-keys';
import { retryableCodes, toRefusalCode } from './error-codes';
import type { RefusalCode } from './error-codes';
import { authorizationHeader, isWithinClockSkew, isSignedBy, readSignature } from './signatures';
import type { Merchant, PlatformSignature } from './signatures';
import type { Warn } from '../warn';
import { invalidFields } from '../warn';

export type { Warn } from '../warn';

/**
 * A call of WeChat Pay v3. Every one of them may be repeated: questions do nothing, orders and refunds go
 * by our number, and what is closed stays closed.
 */
export interface ApiRequest {
  /** Names the call in faults and observations. */
  operation: string;
  method: 'GET' | 'POST';
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: object;
}

export type RefusedResult = { outcome: 'refused'; code: RefusalCode; description: string };

export type CallResult<Data> =
  | { outcome: 'done'; data: Data }
  | RefusedResult
  /** No answer that can be believed: what came of the call, if anything, has to be asked. */
  | { outcome: 'unknown'; message: string };

export interface WechatPayClientOptions {
  http: UpstreamHttp;
  merchant: Merchant;
  apiV3Key: KeyObject;
  publicKey?: { id: string; key: KeyObject } | undefined;
  /** Epoch milliseconds. */
  clock: () => number;
  warn: Warn;
  /** Sees answers before they are read. */
  onAnswer?: ObserveAnswer | undefined;
}

export interface WechatPayClient {
  /** Calls an operation; an answer counts only if WeChat Pay signed it. */
  call<Schema extends z.ZodType>(
    request: ApiRequest,
    schema: Schema,
  ): Promise<CallResult<z.output<Schema>>>;
  /** Calls an operation that only asks. @throws PlatformUnavailable where no usable answer came. */
  query<Schema extends z.ZodType>(
    request: ApiRequest,
    schema: Schema,
  ): Promise<Exclude<CallResult<z.output<Schema>>, { outcome: 'unknown' }>>;
  /** The request with our signature, for what is sent another way. */
  sign(request: ApiRequest): UpstreamRequest;
  keys: PlatformKeys;
}

const CERTIFICATES: ApiRequest = {
  operation: 'certificates',
  method: 'GET',
  path: '/v3/certificates',
};

/** APIv3 接口规则, 错误信息. */
const errorAnswer = z.object({
  code: z.string().regex(/^[A-Z][A-Z0-9_]{1,63}$/),
  message: z.string(),
});

export function formatMessage(operation: string, problem: string): string {
  return `wechatpay ${operation}: ${problem}`;
}

/** WeChat Pay v3: signs what is sent, and believes only what is signed. */
export function createWechatPayClient(options: WechatPayClientOptions): WechatPayClient {
  const { http, merchant, apiV3Key, publicKey, clock, warn } = options;
  const keys = createPlatformKeys({ publicKey, download: downloadCertificates, clock });

  function sign({ operation, method, path, query, body }: ApiRequest): UpstreamRequest {
    const target = withQuery(path, query);
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = () => ({
      authorization: authorizationHeader(merchant, { method, path: target, body: text }, clock()),
      'user-agent': 'liuka',
      ...(text !== '' && { 'content-type': 'application/json' }),
      // Asks that the answer be signed with the public key (微信支付公钥, 切换指引).
      ...(publicKey && { 'wechatpay-serial': publicKey.id }),
    });
    const base = { operation, method, path: target, headers, idempotent: true };
    return text === '' ? base : { ...base, body: text };
  }

  /** Why the answer is not WeChat Pay's; undefined where it is. */
  async function verifyAnswer(
    answer: UpstreamAnswer,
    findKey: (signed: PlatformSignature) => Promise<KeyObject | undefined>,
  ): Promise<string | undefined> {
    const signature = readSignature(answer.headers);
    if (signature === undefined) return 'is not signed';
    if (!isWithinClockSkew(signature, clock())) return 'is signed at another time';
    const key = await findKey(signature);
    if (key === undefined) return 'is signed under an unknown serial';
    return isSignedBy(key, signature, answer.bytes) ? undefined : 'has a wrong signature';
  }

  /**
   * The very first list can only be signed with a certificate that stands in it. It is one all the same:
   * what is in it was sealed with the key that WeChat Pay and the merchant share.
   */
  async function downloadCertificates(
    findCached: (serial: string) => KeyObject | undefined,
  ): Promise<PlatformCertificate[] | undefined> {
    const answer = await http.send(sign(CERTIFICATES)).catch(undefinedOnFault);
    if (answer?.status !== 200) return undefined;
    const downloaded = readCertificates(parseJson(answer.text), apiV3Key, clock()) ?? [];
    const findKey = ({ serial }: PlatformSignature) => {
      const listed = downloaded.find((each) => each.serial === serial.toUpperCase());
      return Promise.resolve(listed?.key ?? findCached(serial));
    };
    const problem = await verifyAnswer(answer, findKey);
    if (problem === undefined) return downloaded;
    warn('platform certificates are not taken: the answer is not to be believed', { problem });
    return undefined;
  }

  function unusable(operation: string, problem: string, fields?: string[]): CallResult<never> {
    warn('unusable answer', { operation, problem, ...(fields && { fields }) });
    return { outcome: 'unknown', message: formatMessage(operation, problem) };
  }

  function readError(operation: string, status: number, body: unknown): CallResult<never> {
    const error = errorAnswer.safeParse(body);
    if (!error.success) return unusable(operation, `HTTP ${String(status)} without an error code`);
    const { code, message } = error.data;
    const problem = `HTTP ${String(status)} ${code}`;
    const refusalCode = status < 500 ? toRefusalCode(code) : undefined;
    if (refusalCode !== undefined) {
      return { outcome: 'refused', code: refusalCode, description: message.slice(0, 200) };
    }
    if (retryableCodes.includes(code)) {
      return { outcome: 'unknown', message: formatMessage(operation, problem) };
    }
    return unusable(operation, problem);
  }

  async function readAnswer<Schema extends z.ZodType>(
    operation: string,
    answer: UpstreamAnswer,
    schema: Schema,
  ): Promise<CallResult<z.output<Schema>>> {
    const { status, text } = answer;
    const problem = await verifyAnswer(answer, ({ serial }) => keys.find(serial));
    if (problem !== undefined) {
      return unusable(operation, `the answer (HTTP ${String(status)}) ${problem}`);
    }
    const body = parseJson(text);
    if (status >= 300) return readError(operation, status, body);
    options.onAnswer?.({ operation, schema, data: body });
    const read = schema.safeParse(body);
    if (read.success) return { outcome: 'done', data: read.data };
    const fields = invalidFields(read.error);
    return unusable(operation, 'the answer has another form', fields);
  }

  async function call<Schema extends z.ZodType>(
    request: ApiRequest,
    schema: Schema,
  ): Promise<CallResult<z.output<Schema>>> {
    try {
      return await readAnswer(request.operation, await http.send(sign(request)), schema);
    } catch (error) {
      if (error instanceof UpstreamFault) return { outcome: 'unknown', message: error.message };
      throw error;
    }
  }

  return {
    call,
    async query(request, schema) {
      const result = await call(request, schema);
      if (result.outcome === 'unknown') throw new PlatformUnavailable(result.message);
      return result;
    },
    sign,
    keys,
  };
}

function undefinedOnFault(error: unknown): undefined {
  if (error instanceof UpstreamFault) return undefined;
  throw error;
}
