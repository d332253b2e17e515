import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, Middleware } from 'koa';
import getRawBody from 'raw-body';
import { WEB_PAGE } from '../http-errors';
import type { Simulator } from '../simulator';
import { readBill } from './bill';
import { findOperation } from './operations';
import { payErrorReply, type PayReply } from './pay-reply';
import { platformKey, signatureError, signatureHeaders, type SignatureClock } from './signature';

/**
 * WeChat Pay's API v3 over HTTP: authentication, request format, and signed responses. A request whose signature
 * was not verified gets an unsigned response (接口规则, 签名: 应答签名).
 */

const BODY_LIMIT = 64 * 1024;
const BILL_PATH = '/v3/billdownload/file';

const paramError = (message: string) => payErrorReply('PARAM_ERROR', message);

/** Checks the headers that every request needs besides its signature (接口规则, 基本规则). */
function headerError(ctx: Context): PayReply | undefined {
  if (ctx.get('Accept') === '' || ctx.get('User-Agent') === '') {
    return paramError('Http头缺少Accept或User-Agent');
  }
  const isJson = ctx.method !== 'POST' || ctx.is('application/json') === 'application/json';
  return isJson ? undefined : paramError('Http头Content-Type须为application/json');
}

/** The body as sent; undefined if it is longer than the limit. */
async function readBody(ctx: Context): Promise<string | undefined> {
  try {
    return await getRawBody(ctx.req, { limit: BODY_LIMIT, encoding: 'utf-8' });
  } catch {
    return undefined;
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const leaveUnsigned = () => ({});

function send(ctx: Context, reply: PayReply, sign: (text: string) => Record<string, string>): void {
  const text = reply.body === undefined ? '' : JSON.stringify(reply.body);
  ctx.set(sign(text));
  ctx.set('Request-ID', randomUUID());
  ctx.status = reply.status;
  if (reply.body === undefined) return;
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = text;
}

/** The faults of every request, before it is read. */
async function injectFault(simulator: Simulator, ctx: Context): Promise<boolean> {
  const { wechatpaySlowMs } = simulator.state.faults;
  if (wechatpaySlowMs > 0) await sleep(wechatpaySlowMs, undefined, { signal: simulator.closing });
  if (simulator.state.faults.wechatpayDown) {
    ctx.status = 503;
    ctx.body = 'Service Unavailable';
    return true;
  }
  if (!simulator.state.faults.wechatpayGarbage) return false;
  ctx.type = 'html';
  ctx.body = WEB_PAGE;
  return true;
}

/** Sends the file of a bill, unsigned: its digest was in the signed response with its URL. */
function sendBill(ctx: Context, simulator: Simulator): boolean {
  if (ctx.path !== BILL_PATH || ctx.method !== 'GET') return false;
  const token = ctx.query.token;
  const file = typeof token === 'string' ? readBill(simulator, token) : undefined;
  if (file === undefined) return false;
  ctx.type = 'text/plain; charset=utf-8';
  ctx.body = file;
  return true;
}

export function wechatPayApi(simulator: Simulator, clock: SignatureClock): Middleware {
  function replyTo(ctx: Context, body: string): PayReply | 'never' {
    const operation = findOperation(ctx.method, ctx.path);
    if (!operation) return payErrorReply('NOT_FOUND', '请求的资源不存在');
    const input = ctx.method === 'GET' ? ctx.query : parse(body);
    const reply = operation.handle(simulator, {
      parameter: operation.parameter,
      input,
      origin: `${ctx.protocol}://${ctx.host}`,
      serial: ctx.get('Wechatpay-Serial'),
    });
    return operation.hasSideEffects && simulator.state.faults.wechatpayMute ? 'never' : reply;
  }

  /** Why a request is refused before its content is read. */
  function requestError(ctx: Context, body: string | undefined): PayReply | undefined {
    if (body === undefined) return paramError('请求包体不可读');
    const { method, url } = ctx;
    const authorization = ctx.get('Authorization');
    return (
      headerError(ctx) ?? signatureError(simulator, clock, { method, url, authorization, body })
    );
  }

  /** Signs a response with the platform's key, over the bytes that are sent. */
  function sign(text: string): Record<string, string> {
    return signatureHeaders(platformKey(simulator), text, clock.now());
  }

  function isSigned({ status }: PayReply): boolean {
    return !simulator.state.faults.unsignedErrors || status < 400 || status >= 500;
  }

  async function handle(ctx: Context): Promise<void> {
    if (await injectFault(simulator, ctx)) return;
    const body = await readBody(ctx);
    const error = requestError(ctx, body);
    if (error) {
      send(ctx, error, leaveUnsigned);
      return;
    }
    if (sendBill(ctx, simulator)) return;
    const reply = replyTo(ctx, body ?? '');
    // Under a fault the connection stays open without a response until the caller times out.
    if (reply === 'never') ctx.respond = false;
    else send(ctx, reply, isSigned(reply) ? sign : leaveUnsigned);
  }

  return (ctx, next) => (ctx.path.startsWith('/v3/') ? handle(ctx) : next());
}
