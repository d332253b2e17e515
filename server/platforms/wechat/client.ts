import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { parseJson } from '../parse-json';
import { PlatformUnavailable } from '../ports';
import { UpstreamFault } from '../upstream-fault';
import type { UpstreamAnswer, UpstreamHttp, UpstreamRequest } from '../upstream-http';
import { meaningOf } from './error-codes';

export type { Warn } from '../warn';

export type WechatAnswer<Data> =
  { outcome: 'done'; data: Data } | { outcome: 'refused'; errcode: number };

export interface WechatClient {
  /**
   * Asks WeChat. While it says that it is busy, it is asked again, a few times.
   * @throws PlatformUnavailable where no usable answer came; the message never holds a value of the request.
   */
  request<Schema extends z.ZodType>(
    request: UpstreamRequest,
    schema: Schema,
  ): Promise<WechatAnswer<z.output<Schema>>>;
}

/** WeChat answers HTTP 200 for refusals too; on success `errcode` is 0 or not there at all. */
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
  throw new PlatformUnavailable(formatMessage(operation, 'the answer has another form'));
}

export interface WechatClientOptions {
  http: UpstreamHttp;
  /** How often it is asked again while it is busy, and how long after the first time, in ms. */
  retries: number;
  retryPause: number;
}

/** WeChat's API for mini-programs: JSON, with refusals as `errcode`. */
export function createWechatClient(options: WechatClientOptions): WechatClient {
  const { http, retries, retryPause } = options;

  async function send(request: UpstreamRequest): Promise<UpstreamAnswer> {
    try {
      return await http.send(request);
    } catch (error) {
      if (error instanceof UpstreamFault) throw new PlatformUnavailable(error.message);
      throw error;
    }
  }

  return {
    async request(request, schema) {
      for (let attempt = 0; ; attempt += 1) {
        const answer = readAnswer(request.operation, await send(request), schema);
        const isBusy = answer.outcome === 'refused' && meaningOf(answer.errcode) === 'busy';
        if (!isBusy || attempt >= retries) return answer;
        await pause(retryPause * 2 ** attempt);
      }
    },
  };
}
