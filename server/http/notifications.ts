import Router from '@koa/router';
import { API_BASE } from '@shared/contract';
import getRawBody from 'raw-body';
import type { CallbackService } from '../notifications/receive-callback';
import type { NotificationService } from '../notifications/receive-notification';
import type { Metrics } from '../metrics/metrics';
import type { RawNotification } from '../platforms/ports';
import { ApiError } from '../lib/api-error';
import type { HttpContext } from './context';

/** More than any platform sends (WeChat Pay v3 stays under 8 KB). */
const MAX_BODY_BYTES = 64 * 1024;

/** How each platform wants to be told that its notification was taken. */
const acknowledgements: Readonly<Record<string, object>> = {
  /** ASSUMED: in the envelope of its own answers. */
  shingsou: { code: 200, name: 'Status200OK', description: 'ok' },
  /** WeChat Pay v3, 支付通知: HTTP 200 or 204 alone decides, the body may be left out. */
  wechatpay: { code: 'SUCCESS', message: '成功' },
  /** Or it is told again, three times (api-doc, 回调). */
  dakashi: { errcode: 0, errmsg: 'success' },
};

/** The body byte for byte: a signature is over these bytes, not over what they mean. */
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
 * What the payment channels and 大卡师 tell us, each answered in its own form. Refusals are problems like any
 * other: to WeChat every `code` but SUCCESS, under a status of 4xx, says that it was not taken.
 */
export function createNotificationRouter({
  notifications,
  callbacks,
  metrics,
}: {
  notifications: NotificationService;
  callbacks: CallbackService | undefined;
  metrics: Metrics;
}): Router {
  const router = new Router({ sensitive: true, strict: true });

  function addRoute(sender: string, handle: (raw: RawNotification) => Promise<string>): void {
    router.post(`${API_BASE}/notifications/${sender}`, async (koaContext) => {
      const ctx = koaContext as HttpContext;
      ctx.state.route = `POST /notifications/${sender}`;
      try {
        const raw = { headers: headersOf(ctx), body: await readRawBody(ctx) };
        metrics.countNotification(sender, await handle(raw));
      } catch (error) {
        const isApiError = error instanceof ApiError;
        metrics.countNotification(sender, isApiError ? error.code : 'failed');
        throw error;
      }
      ctx.body = acknowledgements[sender];
    });
  }

  for (const channel of ['shingsou', 'wechatpay']) {
    if (notifications.hasChannel(channel))
      addRoute(channel, (raw) => notifications.receive(channel, raw));
  }
  if (callbacks) addRoute('dakashi', ({ body }) => callbacks.receive(body));
  return router;
}
