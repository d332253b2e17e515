import Router from '@koa/router';
import { API_BASE } from '@shared/contract';
import getRawBody from 'raw-body';
import type { NotificationService } from '../notifications/notification-service';
import type { Metrics } from '../operations/metrics';
import { RequestRefused } from '../problem';
import type { HttpContext } from './context';

/** More than any platform sends (WeChat Pay v3 stays under 8 KB). */
const MOST_BYTES = 64 * 1024;

/** How each platform wants to be told that its notification was taken. */
const acknowledgements: Readonly<Record<string, object>> = {
  /** ASSUMED: in the envelope of its own answers. */
  shingsou: { code: 200, name: 'Status200OK', description: 'ok' },
  /** WeChat Pay v3, 支付通知: HTTP 200 or 204 alone decides, the body may be left out. */
  wechatpay: { code: 'SUCCESS', message: '成功' },
};

/** The body byte for byte: a signature is over these bytes, not over what they mean. */
async function readRaw(ctx: HttpContext): Promise<Buffer> {
  const encoding = ctx.get('content-encoding');
  if (!ctx.is('json') || (encoding !== '' && encoding !== 'identity')) {
    throw new RequestRefused(
      ctx.get('content-length') === '0'
        ? 'notification.invalid'
        : 'notification.unsupported_media_type',
    );
  }
  try {
    return await getRawBody(ctx.req, { limit: MOST_BYTES, length: ctx.request.length });
  } catch (error) {
    throw new RequestRefused(
      isTooLarge(error) ? 'notification.too_large' : 'notification.invalid',
      { cause: error },
    );
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
 * What the payment channels tell us, each answered in its own form. Refusals are problems like any
 * other: to WeChat every `code` but SUCCESS, under a status of 4xx, says that it was not taken.
 */
export function notificationRoutes({
  notifications,
  metrics,
}: {
  notifications: NotificationService;
  metrics: Metrics;
}): Router {
  const router = new Router({ sensitive: true, strict: true });
  for (const [channel, acknowledgement] of Object.entries(acknowledgements)) {
    if (!notifications.knows(channel)) continue;
    router.post(`${API_BASE}/notifications/${channel}`, async (koaContext) => {
      const ctx = koaContext as HttpContext;
      ctx.state.route = `POST /notifications/${channel}`;
      try {
        const raw = { headers: headersOf(ctx), body: await readRaw(ctx) };
        metrics.countNotification(channel, await notifications.take(channel, raw));
      } catch (error) {
        const known = error instanceof RequestRefused;
        metrics.countNotification(channel, known ? error.code : 'failed');
        throw error;
      }
      ctx.body = acknowledgement;
    });
  }
  return router;
}
