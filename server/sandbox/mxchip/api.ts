import { setTimeout as sleep } from 'node:timers/promises';
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { WEB_PAGE } from '../http-errors';
import { formBody } from '../request-body';
import { endUsers, info, unbind, type Operation } from './device-operations';
import type { DeviceStore } from './device-store';
import { errorReply, type Reply } from './reply';
import { isAuthorised, issueToken } from './tokens';

const ROOT = '/outer/';

/** The faults of every call, before it has any effect. */
function injectFaults({ simulator }: DeviceStore): Middleware {
  return async (ctx, next) => {
    const { mxchipSlowMs, mxchipDown, mxchipGarbage } = simulator.state.faults;
    if (mxchipSlowMs > 0) await sleep(mxchipSlowMs, undefined, { signal: simulator.closing });
    if (mxchipDown) {
      ctx.status = 503;
      ctx.body = 'Service Unavailable';
    } else if (mxchipGarbage) {
      ctx.type = 'html';
      ctx.body = WEB_PAGE;
    } else {
      await next();
    }
  };
}

/**
 * Django's APPEND_SLASH: a path without its slash is a 301 to the one with it, for any method. A client that
 * follows it sends a GET without a body.
 */
const appendSlash: Middleware = async (ctx, next) => {
  if (ctx.path.endsWith('/')) {
    await next();
    return;
  }
  ctx.status = 301;
  ctx.redirect(`${ctx.path}/${ctx.search}`);
  ctx.body = '';
};

function send(ctx: Context, reply: Reply): void {
  ctx.status = reply.meta.code === 0 ? 200 : 400;
  ctx.body = reply;
}

/** Refuses callers without a valid token, as Django REST framework does. */
function requireToken(deviceStore: DeviceStore): Middleware {
  return async (ctx, next) => {
    if (isAuthorised(deviceStore, ctx.get('authorization'))) {
      await next();
      return;
    }
    ctx.status = 401;
    ctx.set('WWW-Authenticate', 'Bearer realm="api"');
    ctx.body = { detail: 'Authentication credentials were not provided.' };
  };
}

function handleOperation(
  deviceStore: DeviceStore,
  operation: Operation,
  read: (ctx: Context) => unknown,
): Middleware {
  return (ctx) => {
    const hasInternalError = deviceStore.simulator.state.faults.mxchipInternal;
    send(ctx, hasInternalError ? errorReply(23090, '内部错误') : operation(deviceStore, read(ctx)));
    const isUnanswered =
      operation === unbind && deviceStore.simulator.state.faults.mxchipUnbindMute;
    // The connection stays open without a response until the caller times out.
    if (isUnanswered) ctx.respond = false;
  };
}

function fieldOf(fields: unknown): unknown {
  return typeof fields === 'object' && fields !== null
    ? Reflect.get(fields, 'deviceid')
    : undefined;
}

/** 庆科's API; every path ends with a slash. */
export function mxchipRoutes(deviceStore: DeviceStore): Router {
  const router = new Router({ strict: true });
  const inQuery = (ctx: Context) => ctx.query.deviceid;
  const inBody = (ctx: Context) => fieldOf(ctx.request.body);
  const guards = [injectFaults(deviceStore), requireToken(deviceStore)];
  router.all(/^\/outer\/.*[^/]$/, injectFaults(deviceStore), appendSlash);
  router.post(`${ROOT}token/`, injectFaults(deviceStore), formBody(), (ctx) => {
    send(ctx, issueToken(deviceStore, ctx.request.body));
  });
  router.get(`${ROOT}device/info/`, ...guards, handleOperation(deviceStore, info, inQuery));
  router.get(`${ROOT}device/endusers/`, ...guards, handleOperation(deviceStore, endUsers, inQuery));
  router.put(
    `${ROOT}device/unbind/`,
    ...guards,
    formBody(),
    handleOperation(deviceStore, unbind, inBody),
  );
  return router;
}
