import { beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import type { Simulator } from '../simulator';
import type { GatewayRefund, GatewayTrade } from './back-office-state';
import { errorReply, type ErrorReply, type Reply } from './reply';
import { refundTrade, refundsOf, type RefundError, type TradeError } from './trades';

/** WeChat's responses for payments that are not for a package of 旭宇's (API v2, 查询订单, 关闭订单, 申请退款). */

/** 关闭订单: not within five minutes after the order. */
const CLOSE_AFTER_MS = 5 * 60_000;
/** How long a refund takes, in sandbox time. */
const REFUND_DURATION_MS = 2000;

const yuanOf = (amountFen: number) => formatYuan(fen(amountFen));

export const tradeErrors: Readonly<Record<TradeError, ErrorReply>> = {
  changed: errorReply('OUT_TRADE_NO_USED', '商户订单号重复：订单内容不一致'),
  paid: errorReply('ORDERPAID', '该订单已支付'),
  closed: errorReply('ORDERCLOSED', '该订单已关闭'),
  expired: errorReply('INVALID_REQUEST', 'time_expire 已过'),
};

const refundErrors: Readonly<Record<RefundError, ErrorReply>> = {
  unpaid: errorReply('INVALID_REQUEST', '订单未支付，不能退款'),
  tooMuch: errorReply('INVALID_REQUEST', '累计退款金额超过支付金额'),
  changed: errorReply('INVALID_REQUEST', '退款单号已用于其他退款'),
};

function stateOf(simulator: Simulator, trade: GatewayTrade) {
  if (trade.state === 'unpaid') return 'NOTPAY';
  if (trade.state === 'closed') return 'CLOSED';
  return refundsOf(simulator, trade).length > 0 ? 'REFUND' : 'SUCCESS';
}

export const describeTrade = (simulator: Simulator, trade: GatewayTrade) => ({
  outTradeNo: trade.outTradeNo,
  tradeState: stateOf(simulator, trade),
  transactionId: trade.tradeNo,
  totalAmount: yuanOf(trade.amountFen),
  openId: trade.payer,
  timeEnd: trade.paidAt === null ? null : beijingDateTime(trade.paidAt),
});

export function closeTrade(simulator: Simulator, trade: GatewayTrade): Reply {
  if (trade.state !== 'unpaid') return tradeErrors[trade.state];
  if (simulator.now() - trade.createdAt < CLOSE_AFTER_MS) {
    return errorReply('INVALID_REQUEST', '订单生成后不能马上关闭，最短调用时间间隔为 5 分钟');
  }
  trade.state = 'closed';
  return { data: { outTradeNo: trade.outTradeNo } };
}

function refundReply(
  simulator: Simulator,
  { refundNo, amountFen, createdAt }: GatewayRefund,
): Reply {
  const isRefunded = createdAt + REFUND_DURATION_MS <= simulator.now();
  const status = isRefunded ? 'SUCCESS' : 'PROCESSING';
  return { data: { outRefundNo: refundNo, refundAmount: yuanOf(amountFen), status } };
}

interface RefundRequest {
  outRefundNo: string;
  totalAmount: number;
  refundAmount: number;
}

export function refundTradeReply(
  simulator: Simulator,
  trade: GatewayTrade,
  request: RefundRequest,
): Reply {
  if (request.totalAmount !== trade.amountFen) {
    return errorReply('INVALID_REQUEST', '订单金额与支付金额不一致');
  }
  const done = refundTrade(simulator, trade, request.outRefundNo, request.refundAmount);
  return typeof done === 'string' ? refundErrors[done] : refundReply(simulator, done.refund);
}

/** Finds a refund by its number; undefined if it is not of such a trade. */
export function queryTradeRefund(simulator: Simulator, outRefundNo: string): Reply | undefined {
  const refund = simulator.state.shingsou.tradeRefunds.find(
    ({ channel, refundNo }) => channel === 'wechatpay' && refundNo === outRefundNo,
  );
  return refund && refundReply(simulator, refund);
}
