import Router from '@koa/router';
import type { Middleware } from 'koa';
import { z } from 'zod';
import type { SandboxClock } from './clock';
import { dakashiControlRoutes } from './dakashi/control-routes';
import { listDakashiCards } from './dakashi/listing';
import type { DakashiSimulator } from './dakashi/simulator';
import { faultsRequest } from './faults';
import { readLedger } from './ledger';
import { mxchipControlRoutes } from './mxchip/control-routes';
import type { DeviceStore } from './mxchip/device-store';
import { validate, validateBody, jsonBody } from './request-body';
import { sendCashier } from './pages/cashier-page';
import { sendOverview } from './pages/overview-page';
import { cashierRequest, paymentRequest, type Cashier } from './wechat/cashier';
import { shingsouControlRoutes } from './shingsou/control-routes';
import { issueLoginCode } from './wechat/login';
import type { Simulator } from './simulator';
import { isPayErrorReply } from './wechatpay/pay-reply';
import { refundInConsole } from './wechatpay/refunds';

/** The user who signs in unless another is named. */
const DEFAULT_USER = 'demo';

const loginRequest = z
  .strictObject({ user: z.string().min(1).max(64).default(DEFAULT_USER) })
  .default({ user: DEFAULT_USER });

/** Outside of these years, dates have no four-digit year. */
const EARLIEST_TIME = Date.UTC(2000);
const LATEST_TIME = Date.UTC(2100);

const clockRequest = z.strictObject({
  now: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .pipe(z.number().min(EARLIEST_TIME).max(LATEST_TIME)),
});

/** Pages of other origins (the client on its own port) may call the controls. */
export const allowAnyOrigin: Middleware = async (ctx, next) => {
  const isControl = /^\/sandbox(?:\/|$)/i.test(ctx.path);
  if (isControl) ctx.set('Access-Control-Allow-Origin', '*');
  if (isControl && ctx.method === 'OPTIONS') {
    const requestedHeaders = ctx.get('Access-Control-Request-Headers');
    ctx.set('Access-Control-Allow-Methods', 'GET, POST, PUT, OPTIONS');
    ctx.set('Access-Control-Allow-Headers', requestedHeaders || 'Content-Type');
    ctx.set('Access-Control-Max-Age', '600');
    ctx.status = 204;
  } else {
    await next();
  }
};

function wechatRoutes(router: Router, simulator: Simulator, cashier: Cashier): void {
  router.post('/sandbox/wechat/login', jsonBody(), (ctx) => {
    const { user } = validateBody(ctx, loginRequest);
    ctx.body = { code: issueLoginCode(simulator, user) };
  });
  router.post('/sandbox/wechat/cashier', jsonBody(), (ctx) => {
    ctx.body = { errMsg: cashier.submit(validateBody(ctx, cashierRequest)) };
  });
  router.get('/sandbox/wechat/cashier', (ctx) => {
    const parameters = validate(ctx, paymentRequest, ctx.query);
    sendCashier(ctx, cashier.show(parameters), parameters);
  });
}

const consoleRefundRequest = z.strictObject({
  orderNumber: z.string().min(1).max(32),
  amountFen: z.int().min(1).optional(),
  notify: z.boolean().default(false),
});

/** What the merchant's staff do in WeChat Pay's own console. */
function wechatpayConsoleRoutes(router: Router, simulator: Simulator): void {
  router.post('/sandbox/wechatpay/refunds', jsonBody(), (ctx) => {
    const refund = refundInConsole(simulator, validateBody(ctx, consoleRefundRequest));
    if (isPayErrorReply(refund)) {
      ctx.status = refund.status;
      ctx.body = refund.body;
      return;
    }
    ctx.status = 201;
    ctx.body = { number: refund.outRefundNo, amountFen: refund.amountFen };
  });
}

function faultRoutes(router: Router, simulator: Simulator): void {
  const describeFaults = () => ({ ...simulator.state.faults, revokeToken: false });
  router.get('/sandbox/faults', (ctx) => {
    ctx.body = describeFaults();
  });
  router.put('/sandbox/faults', jsonBody(), (ctx) => {
    const { revokeToken, ...switches } = validateBody(ctx, faultsRequest);
    simulator.state.faults = switches;
    if (revokeToken) simulator.state.token = null;
    ctx.body = describeFaults();
  });
}

function clockRoutes(router: Router, clock: SandboxClock): void {
  const describeClock = () => ({ now: new Date(clock.now()).toISOString() });
  router.get('/sandbox/clock', (ctx) => {
    ctx.body = describeClock();
  });
  router.put('/sandbox/clock', jsonBody(), async (ctx) => {
    await clock.moveTo(validateBody(ctx, clockRequest).now);
    ctx.body = describeClock();
  });
}

function inspectionRoutes(
  router: Router,
  simulator: Simulator,
  settings: () => Record<string, string>,
): void {
  router.get('/sandbox/cards', (ctx) => {
    const items = simulator.cards.all.map(({ iccid, accessNumber, carrier, carrierCode }) => ({
      iccid,
      accessNumber,
      carrier,
      platform: 'shingsou',
      carrierCode,
    }));
    ctx.body = { items: [...items, ...listDakashiCards(simulator.state)] };
  });
  router.get('/sandbox/ledger', (ctx) => {
    ctx.body = readLedger(simulator);
  });
  router.get('/sandbox/tokens', (ctx) => {
    ctx.body = { items: [{ platform: 'shingsou', ...simulator.state.tokenRequests }] };
  });
  router.get('/sandbox/settings', (ctx) => {
    ctx.body = settings();
  });
}

interface ControlOptions {
  simulator: Simulator;
  clock: SandboxClock;
  cashier: Cashier;
  dakashi: DakashiSimulator;
  mxchip: DeviceStore;
  settings: () => Record<string, string>;
}

/** The control routes under /sandbox: clock, faults, WeChat's user side, inspection, and the pages. */
export function controlRoutes(options: ControlOptions): Router {
  const { simulator, clock, cashier, dakashi, mxchip, settings } = options;
  const router = new Router();
  wechatRoutes(router, simulator, cashier);
  wechatpayConsoleRoutes(router, simulator);
  faultRoutes(router, simulator);
  clockRoutes(router, clock);
  inspectionRoutes(router, simulator, settings);
  dakashiControlRoutes(router, dakashi);
  mxchipControlRoutes(router, mxchip);
  router.use(shingsouControlRoutes(simulator).routes());
  router.get('/sandbox', (ctx) => {
    sendOverview(ctx, simulator);
  });
  return router;
}
