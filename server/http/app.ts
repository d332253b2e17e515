import Router from '@koa/router';
import Koa from 'koa';
import { koaBody } from 'koa-body';
import helmet from 'koa-helmet';
import type { Logger } from 'pino';
import type { NotificationReceiver } from '../notifications/notification-receivers';
import type { Metrics } from '../metrics/metrics';
import { ApiError } from '../lib/api-error';
import type { ClientFiles } from './client-files';
import { serveDocs } from './docs';
import { handleErrors } from './errors';
import { overrideMethod } from './method-override';
import { createNotificationRouter } from './notifications';
import { rateLimit } from './rate-limits';
import { logRequests } from './request-log';
import type { ContractOptions } from './serve-contract';
import { serveContract } from './serve-contract';

const BODY_LIMIT = '64kb';

export interface AppOptions extends ContractOptions {
  log: Logger;
  metrics: Metrics;
  receivers: readonly NotificationReceiver[];
  client: ClientFiles;
  /** The URL of a simulated WeChat for the H5 client, if any. */
  demoWechatUrl: string | undefined;
  /** Whether `X-Forwarded-For` is set by a trusted reverse proxy. */
  trustProxy: boolean;
  /** The rate limit for one client address. */
  requestsPerMinute: number;
  /** Whether the store can be reached. */
  isReady: () => Promise<boolean>;
}

function securityHeaders({ client, demoWechatUrl }: AppOptions): Koa.Middleware {
  const demo = demoWechatUrl === undefined ? [] : [new URL(demoWechatUrl).origin];
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", ...client.inlineScripts],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", ...demo],
        frameSrc: demo.length > 0 ? demo : ["'none'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    // A reverse proxy terminates TLS; whether clients must use TLS is its decision.
    strictTransportSecurity: false,
  });
}

/** Parses JSON bodies only. A body that cannot be parsed is refused as the caller's error. */
function parseJsonBody(): Koa.Middleware {
  return koaBody({
    json: true,
    jsonLimit: BODY_LIMIT,
    text: false,
    urlencoded: false,
    multipart: false,
    onError: (error) => {
      const hasStatus = 'status' in error && typeof error.status === 'number';
      throw hasStatus ? error : new ApiError('request.malformed', { cause: error });
    },
  });
}

function serveHealthAndMetrics(router: Router, { metrics, isReady }: AppOptions): void {
  router.get('/healthz', (ctx: Koa.Context) => {
    ctx.body = { status: 'ok' };
  });
  router.get('/readyz', async (ctx: Koa.Context) => {
    const ready = await isReady();
    ctx.status = ready ? 200 : 503;
    ctx.body = { status: ready ? 'ready' : 'notReady' };
  });
  router.get('/metrics', async (ctx: Koa.Context) => {
    ctx.type = metrics.registry.contentType;
    ctx.body = await metrics.registry.metrics();
  });
}

/** Answers 405 to a method that an existing path does not support. */
function rejectUnknownMethods(router: Router) {
  return router.allowedMethods({
    throw: true,
    methodNotAllowed: () => new ApiError('request.method_not_allowed'),
    notImplemented: () => new ApiError('request.method_not_allowed'),
  });
}

/** Creates the HTTP application: the middleware for every request, and the routes. */
export function createApp(parts: AppOptions): Koa {
  // Callers can send `X-Forwarded-For` themselves: only the last entry was added by our proxy.
  const app = new Koa({ proxy: parts.trustProxy, maxIpsCount: 1 });
  // Without a listener, Koa prints the error to the console, outside the structured log.
  app.on('error', (error: unknown) => {
    parts.log.info({ err: error }, 'a request was aborted');
  });
  // One spelling per path, so that rules which match on the path cannot be bypassed by another one.
  const router = new Router({ sensitive: true, strict: true });
  serveHealthAndMetrics(router, parts);
  serveDocs(router);
  serveContract(router, parts);

  app.use(logRequests(parts.log, parts.metrics.http));
  app.use(handleErrors());
  app.use(securityHeaders(parts));
  app.use(overrideMethod());
  app.use(rateLimit(parts.requestsPerMinute));
  app.use(parts.client.middleware);
  app.use(createNotificationRouter(parts).routes());
  app.use(parseJsonBody());
  app.use(router.routes());
  app.use(rejectUnknownMethods(router));
  return app;
}
