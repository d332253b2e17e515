import type Router from '@koa/router';
import { z } from 'zod';
import { validateBody, jsonBody } from '../request-body';
import { carrierCodeOf } from './listing';
import type { DakashiSimulator } from './simulator';
import { agentProducts } from './products';

const callbackRequest = z.strictObject({ url: z.url({ protocol: /^https?$/ }).nullable() });
const balanceRequest = z.strictObject({ balanceFen: z.int().min(0).max(1e9) });

/** The control routes of 大卡师: its state, balance, callback URL and cards. */
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
  // In production the vendor configures the agent's callback URL.
  router.put('/sandbox/dakashi/callback', jsonBody(), (ctx) => {
    state.callbackUrl = validateBody(ctx, callbackRequest).url;
    ctx.body = describeState();
  });
  router.put('/sandbox/dakashi/balance', jsonBody(), (ctx) => {
    state.balanceFen = validateBody(ctx, balanceRequest).balanceFen;
    ctx.body = describeState();
  });
}
