import type { Middleware } from 'koa';

/**
 * `wx.request` has no PATCH (WeChat, RequestTask, `method`), so the mini-program sends POST with
 * `X-HTTP-Method-Override: PATCH`. Nothing but PATCH can be meant by it.
 */
export function overrideMethod(): Middleware {
  return (ctx, next) => {
    const intendedMethod = ctx.get('x-http-method-override').toUpperCase();
    if (ctx.method === 'POST' && intendedMethod === 'PATCH') ctx.method = intendedMethod;
    return next();
  };
}
