import { refundNumber } from '../ids';
import type { TradeRefund, Transaction } from '../state';
import type { World } from '../world';
import { okReply, isPayErrorReply, payErrorReply, type PayReply, type PayErrorReply } from './refusal';
import type { RefundRequest } from './requests';
import { formatPayTime } from './time';

/** WeChat Pay's rules about refunds (API v3, 申请退款, 查询单笔退款). */

/** How long paying back into the balance takes, in sandbox time. */
const REFUND_DURATION_MS = 2000;

const MAX_REFUNDS = 50;
const REFUND_PERIOD_MS = 365 * 24 * 60 * 60_000;

const refundNotFound = payErrorReply('RESOURCE_NOT_EXISTS', '退款单不存在');

/** What was asked back of a payment so far, in fen; `done` counts only what has arrived. */
export function tradeRefundedFen(world: World, transactionId: string, which: 'asked' | 'done'): number {
  return world.tradeRefundsByTransaction
    .of(transactionId)
    .filter(({ status }) => which === 'asked' || status === 'SUCCESS')
    .reduce((sum, { amountFen }) => sum + amountFen, 0);
}

/** What is to be paid back; where both numbers are given, the transaction's counts. */
function findPayment(world: World, request: RefundRequest): Transaction | PayErrorReply {
  const { transaction_id: transactionId, out_trade_no: outTradeNo = '' } = request;
  if (transactionId !== undefined) {
    const transaction = world.transactions.find(transactionId);
    return transaction ?? payErrorReply('RESOURCE_NOT_EXISTS', '订单不存在');
  }
  const [transaction] = world.transactionsByTrade.of(outTradeNo);
  if (transaction) return transaction;
  return world.trades.find(outTradeNo)
    ? payErrorReply('INVALID_REQUEST', '订单未支付，不能退款')
    : payErrorReply('RESOURCE_NOT_EXISTS', '订单不存在');
}

function amountError(
  world: World,
  { transactionId, amountFen }: Transaction,
  { refund, total }: RefundRequest['amount'],
): PayErrorReply | undefined {
  if (total !== amountFen) return payErrorReply('INVALID_REQUEST', '订单总金额不一致');
  return tradeRefundedFen(world, transactionId, 'asked') + refund > amountFen
    ? payErrorReply('INVALID_REQUEST', '累计退款金额超过支付金额')
    : undefined;
}

function refundRuleError(world: World, payment: Transaction): PayErrorReply | undefined {
  const { faults } = world.state;
  if (world.tradeRefundsByTransaction.of(payment.transactionId).length >= MAX_REFUNDS) {
    return payErrorReply('INVALID_REQUEST', '部分退款次数超过 50 次');
  }
  if (world.now() - payment.paidAt > REFUND_PERIOD_MS) {
    return payErrorReply('INVALID_REQUEST', '交易时间超过一年，不能退款');
  }
  if (faults.refundRefused) return payErrorReply('REQUEST_BLOCKED', '退款请求受阻');
  return faults.refundNotEnough
    ? payErrorReply('NOT_ENOUGH', '基本账户余额不足，请充值后重新发起')
    : undefined;
}

function createTradeRefund(world: World, payment: Transaction, request: RefundRequest): TradeRefund {
  const now = world.now();
  const refund: TradeRefund = {
    outRefundNo: request.out_refund_no,
    refundId: refundNumber(now),
    transactionId: payment.transactionId,
    outTradeNo: payment.outTradeNo,
    amountFen: request.amount.refund,
    notifyUrl: request.notify_url ?? null,
    status: 'PROCESSING',
    createdAt: now,
    endedAt: null,
  };
  world.tradeRefunds.add(refund);
  world.schedule({
    kind: 'tradeRefundEnds',
    at: now + REFUND_DURATION_MS,
    outRefundNo: refund.outRefundNo,
  });
  return refund;
}

function describeTradeRefund(world: World, refund: TradeRefund): PayReply {
  const total = world.transactions.find(refund.transactionId)?.amountFen ?? 0;
  return okReply({
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: '支付用户零钱',
    ...(refund.endedAt !== null &&
      refund.status === 'SUCCESS' && { success_time: formatPayTime(refund.endedAt) }),
    create_time: formatPayTime(refund.createdAt),
    status: refund.status,
    funds_account: 'AVAILABLE',
    amount: {
      total,
      refund: refund.amountFen,
      payer_total: total,
      payer_refund: refund.amountFen,
      settlement_refund: refund.amountFen,
      settlement_total: total,
      discount_refund: 0,
      currency: 'CNY',
    },
  });
}

/** 申请退款: the same refund number pays back once, whatever is repeated. */
export function requestTradeRefund(world: World, request: RefundRequest): PayReply {
  const payment = findPayment(world, request);
  if (isPayErrorReply(payment)) return payment;
  const known = world.tradeRefunds.find(request.out_refund_no);
  if (known) {
    const same =
      known.transactionId === payment.transactionId &&
      known.amountFen === request.amount.refund &&
      payment.amountFen === request.amount.total;
    return same
      ? describeTradeRefund(world, known)
      : payErrorReply('INVALID_REQUEST', '订单金额或退款金额与之前请求不一致，请核实后再试');
  }
  const error = amountError(world, payment, request.amount) ?? refundRuleError(world, payment);
  return error ?? describeTradeRefund(world, createTradeRefund(world, payment, request));
}

/** 查询单笔退款（通过商户退款单号）. */
export function queryTradeRefund(world: World, outRefundNo: string): PayReply {
  const refund = world.tradeRefunds.find(outRefundNo);
  return refund ? describeTradeRefund(world, refund) : refundNotFound;
}

/** The money is back, or cannot get there; answers the refund where that is news. */
export function completeTradeRefund(
  world: World,
  outRefundNo: string,
  at: number,
): TradeRefund | undefined {
  const refund = world.tradeRefunds.find(outRefundNo);
  if (refund?.status !== 'PROCESSING') return undefined;
  refund.status = world.state.faults.refundAbnormal ? 'ABNORMAL' : 'SUCCESS';
  refund.endedAt = at;
  return refund;
}
