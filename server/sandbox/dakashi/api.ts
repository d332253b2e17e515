import { setTimeout as sleep } from 'node:timers/promises';
import Router from '@koa/router';
import type { Middleware } from 'koa';
import { WEB_PAGE } from '../http-errors';
import { jsonBody } from '../request-body';
import { accountOperations } from './account-operations';
import { createAuthenticator, type Authenticator } from './authentication';
import { cardOperations, type Operation } from './card-operations';
import type { DakashiSimulator } from './simulator';

const PACKAGES_PATH = 'member/product/info';

/** The faults of every call, before it has any effect. */
function injectFaults({ simulator }: DakashiSimulator): Middleware {
  return async (ctx, next) => {
    const { dakashiSlowMs } = simulator.state.faults;
    if (dakashiSlowMs > 0) await sleep(dakashiSlowMs, undefined, { signal: simulator.closing });
    if (simulator.state.faults.dakashiDown) {
      ctx.status = 503;
      ctx.body = 'Service Unavailable';
    } else if (simulator.state.faults.dakashiGarbage) {
      ctx.type = 'html';
      ctx.body = WEB_PAGE;
    } else {
      await next();
    }
  };
}

function handle(
  dakashi: DakashiSimulator,
  authenticator: Authenticator,
  path: string,
  operation: Operation,
): Middleware {
  return (ctx) => {
    const result = authenticator.authenticate(path, ctx.request.body);
    ctx.body = 'refusal' in result ? result.refusal : operation(dakashi, result.admitted);
    if (path === PACKAGES_PATH && dakashi.simulator.state.faults.dakashiPackagesRefused) {
      ctx.status = 404;
      ctx.type = 'html';
      ctx.body = '<html><title>404 Not Found</title></html>';
    }
    const isUnanswered =
      path === 'recharge' && dakashi.simulator.state.faults.dakashiRechargeTimeout;
    // The connection stays open without a response until the caller times out.
    if (isUnanswered) ctx.respond = false;
  };
}

/** 大卡师's API in both dialects. The name of the account's field says which one the caller uses. */
export function dakashiRoutes(dakashi: DakashiSimulator): Router {
  const router = new Router();
  const authenticator = createAuthenticator(dakashi);
  for (const [path, operation] of Object.entries({ ...cardOperations, ...accountOperations })) {
    const answer = handle(dakashi, authenticator, path, operation);
    router.post(`/v1/${path}`, injectFaults(dakashi), jsonBody(), answer);
  }
  return router;
}
