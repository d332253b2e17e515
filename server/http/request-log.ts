import { negotiateLanguage } from '@shared/language';
import { uuidv7 } from 'uuidv7';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import type { HttpMetrics } from '../metrics/metrics';
import type { HttpContext } from './context';

/**
 * Gives each request its id and writes one line when it is done. The line has the route, not the
 * address: addresses carry card numbers.
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
    // Files and health checks are many and say nothing.
    const level = route === 'none' && status < 400 ? 'debug' : 'info';
    log[level]({ requestId, method: ctx.method, route, status, ms: Math.round(milliseconds) });
  };
}
