import type { Middleware } from 'koa';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { API_BASE } from '@shared/contract';
import { ApiError } from '../lib/api-error';

/** Sign-in attempts per minute from one address. */
const SIGN_IN_PER_MINUTE = 300;

/** Requests of the operator's other servers per minute from one address; tokens last much longer. */
const INTERNAL_PER_MINUTE = 300;

const internalPrefix = `${API_BASE}/internal/`;
const signInPaths: readonly string[] = [`${API_BASE}/sessions`, `${API_BASE}/support/sessions`];
/** Notifications are not limited: a refused notification could be lost. */
const notificationsPrefix = `${API_BASE}/notifications/`;

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw new ApiError('request.rate_limited', {
      retryAfterSeconds: Math.ceil(error.msBeforeNext / 1000),
    });
  }
}

/**
 * Limits the requests of one address. A whole office may share one address, so the limit should be generous.
 * @throws ApiError `request.rate_limited`
 */
export function rateLimit(requestsPerMinute: number): Middleware {
  const all = new RateLimiterMemory({ keyPrefix: 'all', points: requestsPerMinute, duration: 60 });
  const signIn = new RateLimiterMemory({
    keyPrefix: 'sign-in',
    points: SIGN_IN_PER_MINUTE,
    duration: 60,
  });
  const service = new RateLimiterMemory({
    keyPrefix: 'internal',
    points: INTERNAL_PER_MINUTE,
    duration: 60,
  });
  return async (ctx, next) => {
    if (ctx.path.startsWith(API_BASE) && !ctx.path.startsWith(notificationsPrefix)) {
      await consume(all, ctx.ip);
      if (ctx.method === 'POST' && signInPaths.includes(ctx.path)) await consume(signIn, ctx.ip);
      if (ctx.path.startsWith(internalPrefix)) await consume(service, ctx.ip);
    }
    await next();
  };
}
