import Router from '@koa/router';
import { z } from 'zod';
import { fen, formatYuan } from '@shared/money';
import { validate, validateBody, jsonBody } from '../request-body';
import type { Simulator } from '../simulator';
import { alipayBuyer } from './alipay-payments';
import { redeem } from './data-card-batches';
import { findTrade, payTrade } from './trades';
import { wechatPayer } from './wechat-payment-methods';

const tradeQuery = z.object({
  channel: z.enum(['alipay', 'wechatpay']),
  outTradeNo: z.string().min(1).max(64),
});
const redemption = z.strictObject({
  cardNo: z.string().min(1).max(32),
  iccid: z.string().min(1).max(32),
});

const payers = { alipay: alipayBuyer, wechatpay: wechatPayer } as const;

/** The control routes of the customers' side: paying links and codes, and redeeming 充值卡 (vouchers). */
export function shingsouControlRoutes(simulator: Simulator): Router {
  const router = new Router();
  const find = ({ channel, outTradeNo }: z.output<typeof tradeQuery>) =>
    findTrade(simulator, channel, outTradeNo);
  router.get('/sandbox/shingsou/cashier', (ctx) => {
    const trade = find(validate(ctx, tradeQuery, ctx.query));
    if (!trade) return ctx.throw(404, 'no such payment');
    const { channel, outTradeNo, subject, amountFen, state } = trade;
    ctx.body = { channel, outTradeNo, subject, amount: formatYuan(fen(amountFen)), state };
  });
  router.post('/sandbox/shingsou/cashier', jsonBody(), (ctx) => {
    const trade = find(validateBody(ctx, tradeQuery));
    if (!trade) return ctx.throw(404, 'no such payment');
    const isLate = trade.timeExpire !== null && trade.timeExpire <= simulator.now();
    if (trade.state !== 'unpaid' || isLate) return ctx.throw(409, 'it can no longer be paid');
    payTrade(simulator, trade, payers[trade.channel](simulator, trade.outTradeNo));
    ctx.body = { state: trade.state, tradeNo: trade.tradeNo };
  });
  router.post('/sandbox/shingsou/redeem', jsonBody(), (ctx) => {
    const { cardNo, iccid } = validateBody(ctx, redemption);
    const card = simulator.cards.find(iccid.toUpperCase());
    if (!card) return ctx.throw(404, 'no such card');
    const problem = redeem(simulator, cardNo, card);
    if (problem !== undefined) return ctx.throw(409, problem);
    ctx.body = { cardNo, iccid: card.iccid };
  });
  return router;
}
