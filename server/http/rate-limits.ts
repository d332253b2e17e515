import type { Middleware } from 'koa';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { API_BASE } from '@shared/contract';
import { ApiError } from '../lib/api-error';

/** Attempts to sign in a minute from one address. */
const SIGN_IN_PER_MINUTE = 300;

/** Questions of the operator's other servers a minute from one address: tokens are good for long. */
const INTERNAL_PER_MINUTE = 300;

const internalPrefix = `${API_BASE}/internal/`;
const signInPaths: readonly string[] = [`${API_BASE}/sessions`, `${API_BASE}/support/sessions`];
/** Platforms send as many as they have; answering is cheap, refusing would lose them. */
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

/** Refuses addresses that ask too much. Whole offices share one address, so the limit is to be generous. */
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
