import { setTimeout as sleep } from 'node:timers/promises';
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Deliveries } from '../deliveries';
import { WEB_PAGE } from '../http-errors';
import { jsonBody } from '../request-body';
import type { World } from '../world';
import { billOperation } from './bill-operation';
import { cardOperations } from './card-operations';
import type { GatewayOperation } from './operation';
import { orderOperations } from './order-operations';
import { paymentOperations } from './payment-operations';
import { isRefusal, type RefusalName, type Reply } from './reply';

const refusalCodes: Partial<Record<RefusalName, number>> = { NotFound: 404 };
const OTHER_REFUSAL_CODE = 422;

function reject(ctx: Context, statusCode: number, message: string): void {
  ctx.status = statusCode;
  ctx.body = { statusCode, message };
}

function envelope(ctx: Context, reply: Reply): void {
  if (isRefusal(reply)) {
    const code = refusalCodes[reply.refused] ?? OTHER_REFUSAL_CODE;
    ctx.status = code;
    ctx.body = { code, name: reply.refused, description: reply.description, data: null };
    return;
  }
  ctx.body = { code: 200, name: 'Status200OK', description: 'ok', data: reply.data };
}

/**
 * Whether a scope includes a permission. `….all` covers what starts like it; that `iot.paymentservice.all`
 * covers `iot.payment.…` as well is our own assumption.
 */
export function covers(scope: string, permission: string): boolean {
  if (scope === permission) return true;
  if (!scope.endsWith('.all')) return false;
  const family = scope.slice(0, -'all'.length);
  if (permission.startsWith(family)) return true;
  return scope === 'iot.paymentservice.all' && permission.startsWith('iot.payment.');
}

function bearer(ctx: Context): string | undefined {
  return /^Bearer ([\w\-.~+/]+=*)$/i.exec(ctx.get('Authorization'))?.[1];
}

/** Both headers, then the permission. */
function authorise(world: World, permission: string): Middleware {
  return async (ctx, next) => {
    const { token } = world.state;
    if (ctx.get('Ocp-Apim-Subscription-Key') !== world.credentials.subscriptionKey) {
      reject(ctx, 401, 'Access denied due to missing or invalid subscription key.');
    } else if (!token || bearer(ctx) !== token.value || token.expiresAt <= world.now()) {
      reject(ctx, 401, 'Unauthorized. Access token is missing or invalid.');
    } else if (!token.scopes.some((scope) => covers(scope, permission))) {
      reject(ctx, 403, `Forbidden. The token lacks ${permission}.`);
    } else {
      await next();
    }
  };
}

/** The faults that hit the whole gateway, before anything is done. */
function misbehave(world: World): Middleware {
  return async (ctx, next) => {
    const { gatewaySlowMs } = world.state.faults;
    if (gatewaySlowMs > 0) await sleep(gatewaySlowMs, undefined, { signal: world.closing });
    if (world.state.faults.gatewayDown) {
      ctx.status = 503;
      ctx.body = 'Service Unavailable';
    } else if (world.state.faults.garbage) {
      ctx.type = 'html';
      ctx.body = WEB_PAGE;
    } else {
      await next();
    }
  };
}

function handle(world: World, operation: GatewayOperation): Middleware {
  return (ctx) => {
    const reply = operation.call(operation.method === 'get' ? ctx.query : ctx.request.body);
    if (operation.muteFault && world.state.faults[operation.muteFault]) {
      // Left open and unanswered until the caller gives up.
      ctx.respond = false;
    } else {
      envelope(ctx, reply);
    }
  };
}

/** The API gateway with all its operations. */
export function gatewayRoutes(world: World, deliveries: Deliveries): Router {
  const router = new Router();
  const operations = [
    ...cardOperations(world),
    ...orderOperations(world, deliveries),
    ...paymentOperations(world),
    billOperation(world),
  ];
  for (const operation of operations) {
    const steps = [misbehave(world), authorise(world, operation.permission)];
    if (operation.method === 'post') steps.push(jsonBody());
    router[operation.method](operation.path, ...steps, handle(world, operation));
  }
  return router;
}
