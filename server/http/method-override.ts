import type { Middleware } from 'koa';

/**
 * Lets a POST with `X-HTTP-Method-Override: PATCH` count as PATCH, and no other method: `wx.request`
 * cannot send PATCH (WeChat, wx.request, parameter `method`).
 */
export function overrideMethod(): Middleware {
  return (ctx, next) => {
    const intendedMethod = ctx.get('x-http-method-override').toUpperCase();
    if (ctx.method === 'POST' && intendedMethod === 'PATCH') ctx.method = intendedMethod;
    return next();
  };
}
