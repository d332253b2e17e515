import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { parseJson } from '../parse-json';
import { PlatformUnavailable } from '../ports';
import { sendOrUnavailable } from '../send';
import type { UpstreamAnswer, UpstreamHttp, UpstreamRequest } from '../upstream-http';
import { meaningOf } from './error-codes';

export type { Warn } from '../warn';

export type WechatAnswer<Data> =
  { outcome: 'done'; data: Data } | { outcome: 'refused'; errcode: number };

export interface WechatClient {
  /**
   * Calls WeChat. Retries a few times while WeChat reports that it is busy.
   * @throws PlatformUnavailable if no usable answer came; the message holds no value of the request
   */
  request<Schema extends z.ZodType>(
    request: UpstreamRequest,
    schema: Schema,
  ): Promise<WechatAnswer<z.output<Schema>>>;
}

/** WeChat answers refusals with HTTP 200 too. On success, `errcode` is 0 or missing. */
const errorAnswer = z.object({ errcode: z.int().refine((errcode) => errcode !== 0) });

export function formatMessage(operation: string, problem: string): string {
  return `wechat ${operation}: ${problem}`;
}

function readAnswer<Schema extends z.ZodType>(
  operation: string,
  { status, text }: UpstreamAnswer,
  schema: Schema,
): WechatAnswer<z.output<Schema>> {
  if (status !== 200) {
    throw new PlatformUnavailable(formatMessage(operation, `HTTP ${String(status)}`));
  }
  const body = parseJson(text);
  const refused = errorAnswer.safeParse(body);
  if (refused.success) return { outcome: 'refused', errcode: refused.data.errcode };
  const read = schema.safeParse(body);
  if (read.success) return { outcome: 'done', data: read.data };
  throw new PlatformUnavailable(formatMessage(operation, 'the answer does not match its schema'));
}

export interface WechatClientOptions {
  http: UpstreamHttp;
  /** How many times a call is retried while WeChat is busy. */
  retries: number;
  /** The pause before the first retry, in milliseconds. It doubles each time. */
  retryPause: number;
}

/** A client of WeChat's API for mini-programs: JSON, with refusals as `errcode`. */
export function createWechatClient(options: WechatClientOptions): WechatClient {
  const { http, retries, retryPause } = options;

  return {
    async request(request, schema) {
      for (let attempt = 0; ; attempt += 1) {
        const answer = readAnswer(
          request.operation,
          await sendOrUnavailable(http, request),
          schema,
        );
        const isBusy = answer.outcome === 'refused' && meaningOf(answer.errcode) === 'busy';
        if (!isBusy || attempt >= retries) return answer;
        await pause(retryPause * 2 ** attempt);
      }
    },
  };
}
