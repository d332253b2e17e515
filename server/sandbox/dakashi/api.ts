import { setTimeout as sleep } from 'node:timers/promises';
import Router from '@koa/router';
import type { Middleware } from 'koa';
import { WEB_PAGE } from '../http-errors';
import { jsonBody } from '../request-body';
import { accountOperations } from './account-operations';
import { createGatekeeper, type Gatekeeper } from './admission';
import { cardOperations, type Operation } from './card-operations';
import type { Office } from './office';

/** The faults that hit every call, before anything is done. */
function misbehave({ world }: Office): Middleware {
  return async (ctx, next) => {
    const { dakashiSlowMs } = world.state.faults;
    if (dakashiSlowMs > 0) await sleep(dakashiSlowMs, undefined, { signal: world.closing });
    if (world.state.faults.dakashiDown) {
      ctx.status = 503;
      ctx.body = 'Service Unavailable';
    } else if (world.state.faults.dakashiGarbage) {
      ctx.type = 'html';
      ctx.body = WEB_PAGE;
    } else {
      await next();
    }
  };
}

function handle(
  office: Office,
  gatekeeper: Gatekeeper,
  path: string,
  operation: Operation,
): Middleware {
  return (ctx) => {
    const entry = gatekeeper.admit(path, ctx.request.body);
    ctx.set('Date', new Date(office.world.now()).toUTCString());
    ctx.body = 'refusal' in entry ? entry.refusal : operation(office, entry.admitted);
    const isMute = path === 'recharge' && office.world.state.faults.dakashiRechargeTimeout;
    // Left open and unanswered until the caller gives up.
    if (isMute) ctx.respond = false;
  };
}

/** 大卡师's interfaces, in both dialects: the caller's own word for its account says which. */
export function dakashiRoutes(office: Office): Router {
  const router = new Router();
  const gatekeeper = createGatekeeper(office);
  for (const [path, operation] of Object.entries({ ...cardOperations, ...accountOperations })) {
    const answer = handle(office, gatekeeper, path, operation);
    router.post(`/v1/${path}`, misbehave(office), jsonBody(), answer);
  }
  return router;
}
