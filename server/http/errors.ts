import { negotiateLanguage } from '@shared/language';
import type { Middleware } from 'koa';
import { problemBody, ApiError } from '../lib/api-error';
import { StoreUnavailable } from '../store/store';
import type { HttpContext } from './context';

/** Converts any thrown value to an error with a stable code. */
function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof StoreUnavailable) {
    return new ApiError('store.unavailable', { cause: error, retryAfterSeconds: 2 });
  }
  const status = httpStatus(error);
  if (status === 413) return new ApiError('request.too_large', { cause: error });
  if (status === 415) return new ApiError('request.unsupported_media_type', { cause: error });
  if (status === 404) return new ApiError('request.route_not_found', { cause: error });
  if (status !== undefined && status >= 400 && status < 500) {
    return new ApiError('request.malformed', { cause: error });
  }
  return new ApiError('internal.error', { cause: error });
}

/** Koa and its libraries throw errors of several classes, which have only `status` in common. */
function httpStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}

function sendProblem(ctx: HttpContext, apiError: ApiError): void {
  const { requestId } = ctx.state;
  const language = negotiateLanguage(ctx.get('accept-language'));
  ctx.status = apiError.status;
  ctx.body = problemBody(apiError, { language, requestId });
  ctx.type = 'application/problem+json';
  ctx.set('Cache-Control', 'no-store');
  const { retryAfterSeconds } = apiError.details;
  if (retryAfterSeconds !== undefined) {
    ctx.set('Retry-After', String(Math.max(1, retryAfterSeconds)));
  }
}

/** Answers every error with RFC 9457 problem details. Causes are logged and never sent. */
export function handleErrors(): Middleware {
  return async (koaContext, next) => {
    const ctx = koaContext as HttpContext;
    try {
      await next();
      if (ctx.status === 404 && ctx.body == null) {
        sendProblem(ctx, new ApiError('request.route_not_found'));
      }
    } catch (error) {
      const apiError = toApiError(error);
      if (apiError.status >= 500) {
        const level = apiError.code === 'internal.error' ? 'error' : 'warn';
        ctx.state.log[level]({ err: apiError.cause ?? error }, apiError.code);
      }
      sendProblem(ctx, apiError);
    }
  };
}
