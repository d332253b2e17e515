import Router from '@koa/router';
import Koa, { type Middleware } from 'koa';
import type { SandboxParts } from './sandbox-parts';
import { controlRoutes, allowAnyOrigin } from './control-routes';
import { dakashiRoutes } from './dakashi/api';
import { handleErrors } from './http-errors';
import { mxchipRoutes } from './mxchip/api';
import { sendOddAnswers } from './odd-answers';
import { gatewayRoutes } from './shingsou/gateway';
import { tokenRoutes } from './shingsou/token';
import { wechatRoutes } from './wechat/api';
import { wechatPayApi } from './wechatpay/api';

interface AppOptions {
  parts: SandboxParts;
  settings: () => Record<string, string>;
  onChange: () => void;
  onError: (error: unknown) => void;
}

/** Reports a change after every request that may have made one. Only GETs under /sandbox never do. */
function reportChanges(onChange: () => void): Middleware {
  return async (ctx, next) => {
    await next();
    if (ctx.method !== 'GET' || !ctx.path.startsWith('/sandbox')) onChange();
  };
}

/** Answers with the sandbox's own time: the Date of an answer is how a BFF learns a platform's time. */
function sendOwnDate(now: () => number): Middleware {
  return async (ctx, next) => {
    await next();
    if (!ctx.headerSent) ctx.set('Date', new Date(now()).toUTCString());
  };
}

/** All routes of the sandbox. */
export function createApp(options: AppOptions): Koa {
  const { parts, settings, onChange, onError } = options;
  const { simulator, clock, signatureClock, deliveries, cashier, dakashi, mxchip } = parts;
  const app = new Koa();
  app.on('error', onError);
  const router = new Router();
  router.use(
    tokenRoutes(simulator).routes(),
    gatewayRoutes(simulator, deliveries).routes(),
    wechatRoutes(simulator).routes(),
    dakashiRoutes(dakashi).routes(),
    mxchipRoutes(mxchip).routes(),
    controlRoutes({ simulator, clock, cashier, dakashi, mxchip, settings }).routes(),
  );
  app.use(sendOwnDate(() => simulator.now()));
  app.use(handleErrors(onError));
  app.use(reportChanges(onChange));
  app.use(sendOddAnswers(simulator));
  app.use(allowAnyOrigin);
  app.use(wechatPayApi(simulator, signatureClock));
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
