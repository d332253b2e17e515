import Router from '@koa/router';
import { API_BASE } from '@shared/contract';
import getRawBody from 'raw-body';
import { ApiError } from '../lib/api-error';
import type { Metrics } from '../metrics/metrics';
import type { NotificationReceiver } from '../notifications/notification-receivers';
import type { HttpContext } from './context';

/** Larger than any notification (WeChat Pay v3: less than 8 KB). */
const MAX_BODY_BYTES = 64 * 1024;

/** Reads the body byte for byte, because signatures cover the bytes. @throws ApiError `notification.*` */
async function readRawBody(ctx: HttpContext): Promise<Buffer> {
  const encoding = ctx.get('content-encoding');
  if (!ctx.is('json') || (encoding !== '' && encoding !== 'identity')) {
    throw new ApiError(
      ctx.get('content-length') === '0'
        ? 'notification.invalid'
        : 'notification.unsupported_media_type',
    );
  }
  try {
    return await getRawBody(ctx.req, { limit: MAX_BODY_BYTES, length: ctx.request.length });
  } catch (error) {
    throw new ApiError(isTooLarge(error) ? 'notification.too_large' : 'notification.invalid', {
      cause: error,
    });
  }
}

function isTooLarge(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'type' in error &&
    error.type === 'entity.too.large'
  );
}

function headersOf(ctx: HttpContext): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(ctx.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}

/**
 * Serves `POST /notifications/{name}` for each receiver. Outside the contract, because the platforms define
 * the bodies.
 */
export function createNotificationRouter({
  receivers,
  metrics,
}: {
  receivers: readonly NotificationReceiver[];
  metrics: Metrics;
}): Router {
  const router = new Router({ sensitive: true, strict: true });
  for (const { name, acknowledgement, receive } of receivers) {
    router.post(`${API_BASE}/notifications/${name}`, async (koaContext) => {
      const ctx = koaContext as HttpContext;
      ctx.state.route = `POST /notifications/${name}`;
      try {
        const raw = { headers: headersOf(ctx), body: await readRawBody(ctx) };
        metrics.countNotification(name, await receive(raw));
      } catch (error) {
        const isApiError = error instanceof ApiError;
        metrics.countNotification(name, isApiError ? error.code : 'failed');
        throw error;
      }
      ctx.body = acknowledgement;
    });
  }
  return router;
}
