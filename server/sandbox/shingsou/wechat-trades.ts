import { beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import type { World } from '../world';
import type { GatewayRefund, GatewayTrade } from './office-state';
import { refuse, type Refusal, type Reply } from './reply';
import { refundTrade, refundsOf, type RefundFault, type TradeFault } from './trades';

/** What WeChat says of payments that are for no package of 旭宇's (API v2, 查询订单, 关闭订单, 申请退款). */

/** 关闭订单: not within five minutes of the order. */
const CLOSE_AFTER_MS = 5 * 60_000;
/** How long WeChat takes to pay back, in sandbox time. */
const REFUND_TAKES_MS = 2000;

const yuanOf = (amountFen: number) => formatYuan(fen(amountFen));

export const tradeRefusals: Readonly<Record<TradeFault, Refusal>> = {
  changed: refuse('OUT_TRADE_NO_USED', '商户订单号重复：订单内容不一致'),
  paid: refuse('ORDERPAID', '该订单已支付'),
  closed: refuse('ORDERCLOSED', '该订单已关闭'),
  expired: refuse('INVALID_REQUEST', 'time_expire 已过'),
};

const refundRefusals: Readonly<Record<RefundFault, Refusal>> = {
  unpaid: refuse('INVALID_REQUEST', '订单未支付，不能退款'),
  tooMuch: refuse('INVALID_REQUEST', '累计退款金额超过支付金额'),
  changed: refuse('INVALID_REQUEST', '退款单号已用于其他退款'),
};

function stateOf(world: World, trade: GatewayTrade) {
  if (trade.state === 'unpaid') return 'NOTPAY';
  if (trade.state === 'closed') return 'CLOSED';
  return refundsOf(world, trade).length > 0 ? 'REFUND' : 'SUCCESS';
}

export const shownTrade = (world: World, trade: GatewayTrade) => ({
  outTradeNo: trade.outTradeNo,
  tradeState: stateOf(world, trade),
  transactionId: trade.tradeNo,
  totalAmount: yuanOf(trade.amountFen),
  openId: trade.payer,
  timeEnd: trade.paidAt === null ? null : beijingDateTime(trade.paidAt),
});

export function closeTrade(world: World, trade: GatewayTrade): Reply {
  if (trade.state !== 'unpaid') return tradeRefusals[trade.state];
  if (world.now() - trade.createdAt < CLOSE_AFTER_MS) {
    return refuse('INVALID_REQUEST', '订单生成后不能马上关闭，最短调用时间间隔为 5 分钟');
  }
  trade.state = 'closed';
  return { data: { outTradeNo: trade.outTradeNo } };
}

function shownRefund(world: World, { refundNo, amountFen, createdAt }: GatewayRefund): Reply {
  const isBack = createdAt + REFUND_TAKES_MS <= world.now();
  const status = isBack ? 'SUCCESS' : 'PROCESSING';
  return { data: { outRefundNo: refundNo, refundAmount: yuanOf(amountFen), status } };
}

interface RefundRequest {
  outRefundNo: string;
  totalAmount: number;
  refundAmount: number;
}

export function refundOfTrade(world: World, trade: GatewayTrade, asked: RefundRequest): Reply {
  if (asked.totalAmount !== trade.amountFen) {
    return refuse('INVALID_REQUEST', '订单金额与支付金额不一致');
  }
  const done = refundTrade(world, trade, asked.outRefundNo, asked.refundAmount);
  return typeof done === 'string' ? refundRefusals[done] : shownRefund(world, done.refund);
}

/** A refund by its number; undefined where it is of no such trade. */
export function queryTradeRefund(world: World, outRefundNo: string): Reply | undefined {
  const refund = world.state.shingsou.tradeRefunds.find(
    ({ channel, refundNo }) => channel === 'wechatpay' && refundNo === outRefundNo,
  );
  return refund && shownRefund(world, refund);
}
