import Router from '@koa/router';
import type { Middleware } from 'koa';
import { z } from 'zod';
import type { SandboxClock } from './clock';
import { dakashiControls } from './dakashi/control';
import { listDakashiCards } from './dakashi/listing';
import type { Office } from './dakashi/office';
import { faultsRequest } from './faults';
import { readLedger } from './ledger';
import { mxchipControls } from './mxchip/control';
import type { Hall } from './mxchip/hall';
import { validate, validateBody, jsonBody } from './request-body';
import { sendCashier } from './pages/cashier-page';
import { sendOverview } from './pages/overview-page';
import { cashierRequest, paymentRequest, type Cashier } from './wechat/cashier';
import { shingsouControls } from './shingsou/controls';
import { issueLoginCode } from './wechat/login';
import type { World } from './world';

/** Who signs in where nobody is named. */
const DEFAULT_PERSON = 'demo';

const loginRequest = z
  .strictObject({ user: z.string().min(1).max(64).default(DEFAULT_PERSON) })
  .default({ user: DEFAULT_PERSON });

/** Beyond these years, dates no longer have their usual form. */
const EARLIEST = Date.UTC(2000);
const LATEST = Date.UTC(2100);

const clockRequest = z.strictObject({
  now: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .pipe(z.number().min(EARLIEST).max(LATEST)),
});

/** Pages of other origins (the client on its own port) may call the controls. */
export const openToAll: Middleware = async (ctx, next) => {
  const isControl = /^\/sandbox(?:\/|$)/i.test(ctx.path);
  if (isControl) ctx.set('Access-Control-Allow-Origin', '*');
  if (isControl && ctx.method === 'OPTIONS') {
    const asked = ctx.get('Access-Control-Request-Headers');
    ctx.set('Access-Control-Allow-Methods', 'GET, POST, PUT, OPTIONS');
    ctx.set('Access-Control-Allow-Headers', asked || 'Content-Type');
    ctx.set('Access-Control-Max-Age', '600');
    ctx.status = 204;
  } else {
    await next();
  }
};

function wechatRoutes(router: Router, world: World, cashier: Cashier): void {
  router.post('/sandbox/wechat/login', jsonBody(), (ctx) => {
    const { user } = validateBody(ctx, loginRequest);
    ctx.body = { code: issueLoginCode(world, user) };
  });
  router.post('/sandbox/wechat/cashier', jsonBody(), (ctx) => {
    ctx.body = { errMsg: cashier.submit(validateBody(ctx, cashierRequest)) };
  });
  router.get('/sandbox/wechat/cashier', (ctx) => {
    const parameters = validate(ctx, paymentRequest, ctx.query);
    sendCashier(ctx, cashier.show(parameters), parameters);
  });
}

function faultRoutes(router: Router, world: World): void {
  const shown = () => ({ ...world.state.faults, revokeToken: false });
  router.get('/sandbox/faults', (ctx) => {
    ctx.body = shown();
  });
  router.put('/sandbox/faults', jsonBody(), (ctx) => {
    const { revokeToken, ...switches } = validateBody(ctx, faultsRequest);
    world.state.faults = switches;
    if (revokeToken) world.state.token = null;
    ctx.body = shown();
  });
}

function clockRoutes(router: Router, clock: SandboxClock): void {
  const shown = () => ({ now: new Date(clock.now()).toISOString() });
  router.get('/sandbox/clock', (ctx) => {
    ctx.body = shown();
  });
  router.put('/sandbox/clock', jsonBody(), async (ctx) => {
    await clock.moveTo(validateBody(ctx, clockRequest).now);
    ctx.body = shown();
  });
}

function truthRoutes(router: Router, world: World, settings: () => Record<string, string>): void {
  router.get('/sandbox/cards', (ctx) => {
    const items = world.cards.all.map(({ iccid, accessNumber, carrier, carrierCode }) => ({
      iccid,
      accessNumber,
      carrier,
      platform: 'shingsou',
      carrierCode,
    }));
    ctx.body = { items: [...items, ...listDakashiCards(world.state)] };
  });
  router.get('/sandbox/ledger', (ctx) => {
    ctx.body = readLedger(world);
  });
  router.get('/sandbox/tokens', (ctx) => {
    ctx.body = { items: [{ platform: 'shingsou', ...world.state.tokenRequests }] };
  });
  router.get('/sandbox/settings', (ctx) => {
    ctx.body = settings();
  });
}

interface ControlOptions {
  world: World;
  clock: SandboxClock;
  cashier: Cashier;
  dakashi: Office;
  mxchip: Hall;
  settings: () => Record<string, string>;
}

/** What people and checkers do to the sandbox, and what they can see of it. */
export function controlRoutes(options: ControlOptions): Router {
  const { world, clock, cashier, dakashi, mxchip, settings } = options;
  const router = new Router();
  wechatRoutes(router, world, cashier);
  faultRoutes(router, world);
  clockRoutes(router, clock);
  truthRoutes(router, world, settings);
  dakashiControls(router, dakashi);
  mxchipControls(router, mxchip);
  router.use(shingsouControls(world).routes());
  router.get('/sandbox', (ctx) => {
    sendOverview(ctx, world);
  });
  return router;
}
