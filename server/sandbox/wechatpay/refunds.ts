import { refundNumber } from '../ids';
import type { TradeRefund, Transaction } from '../state';
import type { World } from '../world';
import { done, isPayRefusal, refusePay, type PayAnswer, type PayRefusal } from './refusal';
import type { RefundRequest } from './requests';
import { payTime } from './time';

/** WeChat Pay's rules about refunds (API v3, 申请退款, 查询单笔退款). */

/** How long paying back into the balance takes, in sandbox time. */
const REFUND_TAKES_MS = 2000;

const MOST_REFUNDS = 50;
const REFUNDABLE_FOR_MS = 365 * 24 * 60 * 60_000;

const unknownRefund = refusePay('RESOURCE_NOT_EXISTS', '退款单不存在');

/** What was asked back of a payment so far, in fen; `done` counts only what has arrived. */
export function returnedFen(world: World, transactionId: string, which: 'asked' | 'done'): number {
  return world.tradeRefundsByTransaction
    .of(transactionId)
    .filter(({ status }) => which === 'asked' || status === 'SUCCESS')
    .reduce((sum, { amountFen }) => sum + amountFen, 0);
}

/** What is to be paid back; where both numbers are given, the transaction's counts. */
function findPayment(world: World, request: RefundRequest): Transaction | PayRefusal {
  const { transaction_id: transactionId, out_trade_no: outTradeNo = '' } = request;
  if (transactionId !== undefined) {
    const transaction = world.transactions.find(transactionId);
    return transaction ?? refusePay('RESOURCE_NOT_EXISTS', '订单不存在');
  }
  const [transaction] = world.transactionsByTrade.of(outTradeNo);
  if (transaction) return transaction;
  return world.trades.find(outTradeNo)
    ? refusePay('INVALID_REQUEST', '订单未支付，不能退款')
    : refusePay('RESOURCE_NOT_EXISTS', '订单不存在');
}

function amountRefusal(
  world: World,
  { transactionId, amountFen }: Transaction,
  { refund, total }: RefundRequest['amount'],
): PayRefusal | undefined {
  if (total !== amountFen) return refusePay('INVALID_REQUEST', '订单总金额不一致');
  return returnedFen(world, transactionId, 'asked') + refund > amountFen
    ? refusePay('INVALID_REQUEST', '累计退款金额超过支付金额')
    : undefined;
}

function ruleRefusal(world: World, payment: Transaction): PayRefusal | undefined {
  const { faults } = world.state;
  if (world.tradeRefundsByTransaction.of(payment.transactionId).length >= MOST_REFUNDS) {
    return refusePay('INVALID_REQUEST', '部分退款次数超过 50 次');
  }
  if (world.now() - payment.paidAt > REFUNDABLE_FOR_MS) {
    return refusePay('INVALID_REQUEST', '交易时间超过一年，不能退款');
  }
  if (faults.refundRefused) return refusePay('REQUEST_BLOCKED', '退款请求受阻');
  return faults.refundNotEnough
    ? refusePay('NOT_ENOUGH', '基本账户余额不足，请充值后重新发起')
    : undefined;
}

function accept(world: World, payment: Transaction, request: RefundRequest): TradeRefund {
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
    at: now + REFUND_TAKES_MS,
    outRefundNo: refund.outRefundNo,
  });
  return refund;
}

function describe(world: World, refund: TradeRefund): PayAnswer {
  const total = world.transactions.find(refund.transactionId)?.amountFen ?? 0;
  return done({
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: '支付用户零钱',
    ...(refund.endedAt !== null &&
      refund.status === 'SUCCESS' && { success_time: payTime(refund.endedAt) }),
    create_time: payTime(refund.createdAt),
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
export function askTradeRefund(world: World, request: RefundRequest): PayAnswer {
  const payment = findPayment(world, request);
  if (isPayRefusal(payment)) return payment;
  const known = world.tradeRefunds.find(request.out_refund_no);
  if (known) {
    const same =
      known.transactionId === payment.transactionId &&
      known.amountFen === request.amount.refund &&
      payment.amountFen === request.amount.total;
    return same
      ? describe(world, known)
      : refusePay('INVALID_REQUEST', '订单金额或退款金额与之前请求不一致，请核实后再试');
  }
  const refusal = amountRefusal(world, payment, request.amount) ?? ruleRefusal(world, payment);
  return refusal ?? describe(world, accept(world, payment, request));
}

/** 查询单笔退款（通过商户退款单号）. */
export function queryTradeRefund(world: World, outRefundNo: string): PayAnswer {
  const refund = world.tradeRefunds.find(outRefundNo);
  return refund ? describe(world, refund) : unknownRefund;
}

/** The money is back, or cannot get there; answers the refund where that is news. */
export function endTradeRefund(
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
