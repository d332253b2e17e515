import { negotiateLanguage } from '@shared/language';
import { uuidv7 } from 'uuidv7';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import type { HttpMetrics } from '../metrics/metrics';
import type { HttpContext } from './context';

/**
 * Gives each request an id, and logs one line when it is done. The line contains the route instead of
 * the path, because paths can contain card numbers.
 */
export function logRequests(log: Logger, metrics: HttpMetrics): Middleware {
  return async (koaContext, next) => {
    const ctx = koaContext as HttpContext;
    const requestId = uuidv7();
    ctx.state.requestId = requestId;
    ctx.state.language = negotiateLanguage(ctx.get('accept-language'));
    ctx.state.log = log;
    ctx.state.route = 'none';
    ctx.set('X-Request-Id', requestId);
    const started = performance.now();
    await next();
    const milliseconds = performance.now() - started;
    const { route } = ctx.state;
    const { status } = ctx;
    metrics.observe({ route, status, milliseconds });
    // Static files and health checks are frequent and of no interest.
    const level = route === 'none' && status < 400 ? 'debug' : 'info';
    log[level]({ requestId, method: ctx.method, route, status, ms: Math.round(milliseconds) });
  };
}
