import { setTimeout as sleep } from 'node:timers/promises';
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Deliveries } from '../deliveries';
import { WEB_PAGE } from '../http-errors';
import { jsonBody } from '../request-body';
import type { Simulator } from '../simulator';
import { alipayAccounts } from './alipay-accounts';
import { alipayPayments } from './alipay-payments';
import { billOperation } from './bill-operation';
import { cardOperations } from './card-operations';
import { dataCardOperations } from './data-card-operations';
import { codeOf } from './error-tables';
import { fileBody, formInput } from './file-body';
import { flowCardChanges } from './flow-card-changes';
import { flowCardRecords } from './flow-card-records';
import { fundFlowOperation } from './fund-flow';
import type { GatewayOperation } from './operation';
import { orderOperations } from './order-operations';
import { paymentOperations } from './payment-operations';
import { wechatAccounts } from './wechat-accounts';
import { wechatPaymentMethods } from './wechat-payment-methods';
import { isErrorReply, type Reply } from './reply';

/** The Retry-After of a 429, in seconds. */
const WAIT_S = 3;

function sendError(ctx: Context, statusCode: number, message: string): void {
  ctx.status = statusCode;
  ctx.body = { statusCode, message };
}

function sendReply(ctx: Context, reply: Reply): void {
  if (isErrorReply(reply)) {
    const code = codeOf(reply.refused);
    // Business codes are no HTTP statuses.
    ctx.status = code < 600 ? code : 422;
    ctx.body = { code, name: reply.refused, description: reply.description, data: null };
    return;
  }
  ctx.body = { code: 200, name: 'Status200OK', description: 'ok', data: reply.data };
}

/**
 * Whether a scope includes a permission. `….all` covers what starts like it; that `iot.paymentservice.all`
 * covers `iot.payment.…` as well is our assumption.
 * @internal Exported for tests.
 */
export function isScopeCovering(scope: string, permission: string): boolean {
  if (scope === permission) return true;
  if (!scope.endsWith('.all')) return false;
  const family = scope.slice(0, -'all'.length);
  if (permission.startsWith(family)) return true;
  return scope === 'iot.paymentservice.all' && permission.startsWith('iot.payment.');
}

function bearer(ctx: Context): string | undefined {
  return /^Bearer ([\w\-.~+/]+=*)$/i.exec(ctx.get('Authorization'))?.[1];
}

/** Checks both headers, then the permission. */
function authorise(simulator: Simulator, permission: string): Middleware {
  return async (ctx, next) => {
    const { token } = simulator.state;
    if (ctx.get('Ocp-Apim-Subscription-Key') !== simulator.credentials.subscriptionKey) {
      sendError(ctx, 401, 'Access denied due to missing or invalid subscription key.');
    } else if (!token || bearer(ctx) !== token.value || token.expiresAt <= simulator.now()) {
      sendError(ctx, 401, 'Unauthorized. Access token is missing or invalid.');
    } else if (!token.scopes.some((scope) => isScopeCovering(scope, permission))) {
      sendError(ctx, 403, `Forbidden. The token lacks ${permission}.`);
    } else {
      await next();
    }
  };
}

/** The faults of the whole gateway, before a call has any effect. */
function injectFaults(simulator: Simulator): Middleware {
  return async (ctx, next) => {
    const { gatewaySlowMs } = simulator.state.faults;
    if (gatewaySlowMs > 0) await sleep(gatewaySlowMs, undefined, { signal: simulator.closing });
    if (simulator.state.faults.gatewayDown) {
      ctx.status = 503;
      ctx.body = 'Service Unavailable';
    } else if (simulator.state.faults.gatewayLimited) {
      ctx.set('Retry-After', String(WAIT_S));
      sendError(ctx, 429, `Rate limit is exceeded. Try again in ${String(WAIT_S)} seconds.`);
    } else if (simulator.state.faults.garbage) {
      ctx.type = 'html';
      ctx.body = WEB_PAGE;
    } else {
      await next();
    }
  };
}

const hasQueryInput = ({ method }: GatewayOperation) => method === 'get' || method === 'delete';

function inputOf(operation: GatewayOperation, ctx: Context): unknown {
  if (hasQueryInput(operation)) return ctx.query;
  return operation.takesFile ? formInput(ctx) : ctx.request.body;
}

function handle(simulator: Simulator, operation: GatewayOperation): Middleware {
  return (ctx) => {
    const reply = operation.call(inputOf(operation, ctx), {
      origin: `${ctx.protocol}://${ctx.host}`,
    });
    if (operation.unansweredFault && simulator.state.faults[operation.unansweredFault]) {
      // The connection stays open without a response until the caller times out.
      ctx.respond = false;
    } else {
      sendReply(ctx, reply);
    }
  };
}

/** The API gateway with all its operations. */
export function gatewayRoutes(simulator: Simulator, deliveries: Deliveries): Router {
  const router = new Router();
  const operations = [
    ...cardOperations(simulator),
    ...flowCardRecords(simulator),
    ...flowCardChanges(simulator),
    ...dataCardOperations(simulator),
    ...orderOperations(simulator, deliveries),
    ...paymentOperations(simulator),
    billOperation(simulator),
    fundFlowOperation(simulator),
    ...wechatPaymentMethods(simulator),
    ...wechatAccounts(simulator),
    ...alipayPayments(simulator),
    ...alipayAccounts(simulator),
  ];
  for (const operation of operations) {
    const steps = [injectFaults(simulator), authorise(simulator, operation.permission)];
    if (!hasQueryInput(operation)) steps.push(operation.takesFile ? fileBody() : jsonBody());
    router[operation.method](operation.path, ...steps, handle(simulator, operation));
  }
  return router;
}
