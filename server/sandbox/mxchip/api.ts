import { setTimeout as sleep } from 'node:timers/promises';
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { WEB_PAGE } from '../http-errors';
import { formBody } from '../request-body';
import { endUsers, info, unbind, type Operation } from './device-operations';
import type { Hall } from './hall';
import { errorReply, type Reply } from './reply';
import { isAuthorised, issueToken } from './tokens';

const ROOT = '/outer/';

/** The faults that hit every call, before anything is done. */
function misbehave({ world }: Hall): Middleware {
  return async (ctx, next) => {
    const { mxchipSlowMs, mxchipDown, mxchipGarbage } = world.state.faults;
    if (mxchipSlowMs > 0) await sleep(mxchipSlowMs, undefined, { signal: world.closing });
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
 * Django's APPEND_SLASH: a path without its slash is a 301 to the one with it, whatever the method. Who follows
 * it comes back with a GET and without a body.
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

/** Refuses callers without a good token, as Django REST framework does. */
function admit(hall: Hall): Middleware {
  return async (ctx, next) => {
    if (isAuthorised(hall, ctx.get('authorization'))) {
      await next();
      return;
    }
    ctx.status = 401;
    ctx.set('WWW-Authenticate', 'Bearer realm="api"');
    ctx.body = { detail: 'Authentication credentials were not provided.' };
  };
}

function perform(hall: Hall, operation: Operation, read: (ctx: Context) => unknown): Middleware {
  return (ctx) => {
    const isBroken = hall.world.state.faults.mxchipInternal;
    send(ctx, isBroken ? errorReply(23090, '内部错误') : operation(hall, read(ctx)));
    const isMute = operation === unbind && hall.world.state.faults.mxchipUnbindMute;
    // Left open and unanswered until the caller gives up.
    if (isMute) ctx.respond = false;
  };
}

function fieldOf(fields: unknown): unknown {
  return typeof fields === 'object' && fields !== null
    ? Reflect.get(fields, 'deviceid')
    : undefined;
}

/** 庆科's interfaces; every path ends with a slash. */
export function mxchipRoutes(hall: Hall): Router {
  const router = new Router({ strict: true });
  const inQuery = (ctx: Context) => ctx.query.deviceid;
  const inBody = (ctx: Context) => fieldOf(ctx.request.body);
  const guards = [misbehave(hall), admit(hall)];
  router.all(/^\/outer\/.*[^/]$/, misbehave(hall), appendSlash);
  router.post(`${ROOT}token/`, misbehave(hall), formBody(), (ctx) => {
    send(ctx, issueToken(hall, ctx.request.body));
  });
  router.get(`${ROOT}device/info/`, ...guards, perform(hall, info, inQuery));
  router.get(`${ROOT}device/endusers/`, ...guards, perform(hall, endUsers, inQuery));
  router.put(`${ROOT}device/unbind/`, ...guards, formBody(), perform(hall, unbind, inBody));
  return router;
}
