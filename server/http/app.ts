import Router from '@koa/router';
import Koa from 'koa';
import { koaBody } from 'koa-body';
import helmet from 'koa-helmet';
import type { Logger } from 'pino';
import type { CallbackService } from '../notifications/receive-callback';
import type { NotificationService } from '../notifications/receive-notification';
import type { Metrics } from '../metrics/metrics';
import { ApiError } from '../lib/api-error';
import type { ClientFiles } from './client-files';
import { serveDocs } from './docs';
import { handleErrors } from './errors';
import { overrideMethod } from './method-override';
import { createNotificationRouter } from './notifications';
import { rateLimit } from './rate-limits';
import { logRequests } from './request-log';
import type { Authenticators } from './guard';
import type { Handlers } from '../contract/handlers';
import { serveContract } from './guard';

const BODY_LIMIT = '64kb';

export interface AppOptions {
  log: Logger;
  metrics: Metrics;
  handlers: Handlers;
  authenticators: Authenticators;
  notifications: NotificationService;
  callbacks: CallbackService | undefined;
  client: ClientFiles;
  /** Origin of a simulated WeChat that the H5 client talks to, if there is one. */
  demoWechatUrl: string | undefined;
  /** Whether a proxy in front of us says where requests come from. */
  trustProxy: boolean;
  /** From one address. */
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
    // The BFF may be reached without TLS behind a proxy that ends it; the proxy speaks for TLS.
    strictTransportSecurity: false,
  });
}

/** Reads JSON bodies only; whatever cannot be read is the caller's fault, and is said so. */
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

/** Methods that do not exist on an address that does are told so. */
function rejectUnknownMethods(router: Router) {
  return router.allowedMethods({
    throw: true,
    methodNotAllowed: () => new ApiError('request.method_not_allowed'),
    notImplemented: () => new ApiError('request.method_not_allowed'),
  });
}

/** The BFF's HTTP side: who answers what, and what every request goes through. */
export function createApp(parts: AppOptions): Koa {
  // Proxies add to what the caller says of itself: only the last word is the proxy's own.
  const app = new Koa({ proxy: parts.trustProxy, maxIpsCount: 1 });
  // Without a listener of ours, Koa writes to the console, between the lines of the log.
  app.on('error', (error: unknown) => {
    parts.log.info({ err: error }, 'a request broke off');
  });
  // One spelling for each address, so that what is said about it is said about all of it.
  const router = new Router({ sensitive: true, strict: true });
  serveHealthAndMetrics(router, parts);
  serveDocs(router);
  serveContract(router, parts.handlers, parts.authenticators);

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
