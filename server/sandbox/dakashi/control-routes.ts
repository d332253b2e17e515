import type Router from '@koa/router';
import { z } from 'zod';
import { validateBody, jsonBody } from '../request-body';
import { carrierCodeOf } from './listing';
import type { DakashiSimulator } from './simulator';
import { agentProducts } from './products';

const callbackRequest = z.strictObject({ url: z.url({ protocol: /^https?$/ }).nullable() });
const balanceRequest = z.strictObject({ balanceFen: z.int().min(0).max(1e9) });

/** What people and checkers do to 大卡师, and what they can see of it. */
export function dakashiControlRoutes(router: Router, { state }: DakashiSimulator): void {
  const describeState = () => ({
    callbackUrl: state.callbackUrl,
    balanceFen: state.balanceFen,
    products: agentProducts,
    cards: state.cards.map((card) => ({ ...card, carrierCode: carrierCodeOf(card) })),
    orders: state.orders,
    callbacks: state.callbacks,
  });
  router.get('/sandbox/dakashi', (ctx) => {
    ctx.body = describeState();
  });
  // The agent has its address configured by the vendor.
  router.put('/sandbox/dakashi/callback', jsonBody(), (ctx) => {
    state.callbackUrl = validateBody(ctx, callbackRequest).url;
    ctx.body = describeState();
  });
  router.put('/sandbox/dakashi/balance', jsonBody(), (ctx) => {
    state.balanceFen = validateBody(ctx, balanceRequest).balanceFen;
    ctx.body = describeState();
  });
}
