import type { Context, Middleware } from 'koa';
import { z } from 'zod';

interface Problem {
  status: number;
  message: string;
}

/** The error format of a platform. */
type ErrorFormat = (problem: Problem) => { status: number; body: unknown };

/** What a captive portal or a broken proxy sends. */
export const WEB_PAGE = '<!doctype html><html><body><h1>Welcome</h1><p>It works!</p></body></html>';

/** The gateway in front of the operations (Azure API Management's form); an unreadable body is a 422. */
const gatewayErrorFormat: ErrorFormat = ({ status, message }) => {
  if (status === 400 || status === 413) {
    const body = { code: 422, name: 'UnprocessableEntity', description: message, data: null };
    return { status: 422, body };
  }
  return { status, body: { statusCode: status, message } };
};

/** RFC 6749, 5.2. */
const tokenErrorFormat: ErrorFormat = ({ status, message }) => ({
  status,
  body: { error: 'invalid_request', error_description: message },
});

/** api.weixin.qq.com: what cannot be read is refused with HTTP 200 and an errcode (全局返回码). */
const wechatErrorFormat: ErrorFormat = ({ status, message }) => {
  if (status !== 400 && status !== 413) return { status, body: message };
  return { status: 200, body: { errcode: 47001, errmsg: `data format error: ${message}` } };
};

/** 大卡师 answers everything with HTTP 200; what it cannot read is 未知异常. */
const dakashiErrorFormat: ErrorFormat = ({ status, message }) => {
  if (status !== 400 && status !== 413) return { status, body: message };
  return { status: 200, body: { errcode: 50000, errmsg: '未知异常' } };
};

/** 庆科: what it cannot read is 参数错误. */
const mxchipErrorFormat: ErrorFormat = ({ status, message }) => {
  if (status !== 400 && status !== 413) return { status, body: message };
  return { status, body: { meta: { message, code: 23010 }, data: {} } };
};

const controlErrorFormat: ErrorFormat = ({ status, message }) => ({
  status,
  body: { status, message },
});

function errorFormatFor(path: string): ErrorFormat {
  if (/^\/(payment|cards)\//i.test(path)) return gatewayErrorFormat;
  if (/^\/(sns|cgi-bin)\//.test(path)) return wechatErrorFormat;
  if (path.startsWith('/v1/')) return dakashiErrorFormat;
  if (path.startsWith('/outer/')) return mxchipErrorFormat;
  return /^\/connect\//i.test(path) ? tokenErrorFormat : controlErrorFormat;
}

/** An error for the caller has the status of the response. */
const clientError = z.object({ status: z.int().min(400).max(499), message: z.string() });

function toProblem(error: unknown, onError: (error: unknown) => void): Problem {
  const parsed = clientError.safeParse(error);
  if (parsed.success) return parsed.data;
  onError(error);
  return { status: 500, message: 'the sandbox met a fault of its own' };
}

function sendProblem(ctx: Context, problem: Problem): void {
  const { status, body } = errorFormatFor(ctx.path)(problem);
  ctx.status = status;
  ctx.body = body;
}

/** Answers errors and unknown paths in the format of the platform whose path it is. */
export function handleErrors(onError: (error: unknown) => void): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      sendProblem(ctx, toProblem(error, onError));
      return;
    }
    if (ctx.respond === false || ctx.body !== undefined) return;
    const { status } = ctx;
    if (status === 404) sendProblem(ctx, { status, message: 'Resource not found' });
    if (status === 405) sendProblem(ctx, { status, message: 'Method not allowed' });
    if (status === 501) sendProblem(ctx, { status, message: 'Not implemented' });
  };
}
