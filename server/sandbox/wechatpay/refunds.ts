import { refundNumber } from '../ids';
import type { TradeRefund, Transaction } from '../state';
import type { Simulator } from '../simulator';
import {
  okReply,
  isPayErrorReply,
  payErrorReply,
  type PayReply,
  type PayErrorReply,
} from './pay-reply';
import type { AbnormalRefundRequest, RefundRequest } from './requests';
import { decryptSensitive } from './sensitive-fields';
import { formatPayTime } from './time';

/** WeChat Pay's rules about refunds (API v3, 申请退款, 查询单笔退款). */

/** How long a refund to the balance takes, in sandbox time. */
const REFUND_DURATION_MS = 2000;

const MAX_REFUNDS = 50;
const REFUND_PERIOD_MS = 365 * 24 * 60 * 60_000;

const refundNotFound = payErrorReply('RESOURCE_NOT_EXISTS', '退款单不存在');

/**
 * The refunds of a payment so far, in fen. `asked` includes those in progress, and none that were closed;
 * `done` includes only those that reached the customer.
 */
export function tradeRefundedFen(
  simulator: Simulator,
  transactionId: string,
  which: 'asked' | 'done',
): number {
  return simulator.tradeRefundsByTransaction
    .get(transactionId)
    .filter(({ status, receiver }) =>
      which === 'asked' ? status !== 'CLOSED' : status === 'SUCCESS' && receiver === 'user',
    )
    .reduce((sum, { amountFen }) => sum + amountFen, 0);
}

/** The payment to refund; if both numbers are given, the transaction id counts. */
function findPayment(simulator: Simulator, request: RefundRequest): Transaction | PayErrorReply {
  const { transaction_id: transactionId, out_trade_no: outTradeNo = '' } = request;
  if (transactionId !== undefined) {
    const transaction = simulator.transactions.find(transactionId);
    return transaction ?? payErrorReply('RESOURCE_NOT_EXISTS', '订单不存在');
  }
  const [transaction] = simulator.transactionsByTrade.get(outTradeNo);
  if (transaction) return transaction;
  return simulator.trades.find(outTradeNo)
    ? payErrorReply('INVALID_REQUEST', '订单未支付，不能退款')
    : payErrorReply('RESOURCE_NOT_EXISTS', '订单不存在');
}

function amountError(
  simulator: Simulator,
  { transactionId, amountFen }: Transaction,
  { refund, total }: RefundRequest['amount'],
): PayErrorReply | undefined {
  if (total !== amountFen) return payErrorReply('INVALID_REQUEST', '订单总金额不一致');
  return tradeRefundedFen(simulator, transactionId, 'asked') + refund > amountFen
    ? payErrorReply('INVALID_REQUEST', '累计退款金额超过支付金额')
    : undefined;
}

function refundRuleError(simulator: Simulator, payment: Transaction): PayErrorReply | undefined {
  const { faults } = simulator.state;
  if (simulator.tradeRefundsByTransaction.get(payment.transactionId).length >= MAX_REFUNDS) {
    return payErrorReply('INVALID_REQUEST', '部分退款次数超过 50 次');
  }
  if (simulator.now() - payment.paidAt > REFUND_PERIOD_MS) {
    return payErrorReply('INVALID_REQUEST', '交易时间超过一年，不能退款');
  }
  if (faults.refundRefused) return payErrorReply('REQUEST_BLOCKED', '退款请求受阻');
  return faults.refundNotEnough
    ? payErrorReply('NOT_ENOUGH', '基本账户余额不足，请充值后重新发起')
    : undefined;
}

function createTradeRefund(
  simulator: Simulator,
  payment: Transaction,
  request: RefundRequest,
): TradeRefund {
  const now = simulator.now();
  const refund: TradeRefund = {
    outRefundNo: request.out_refund_no,
    refundId: refundNumber(now),
    transactionId: payment.transactionId,
    outTradeNo: payment.outTradeNo,
    amountFen: request.amount.refund,
    notifyUrl: request.notify_url ?? null,
    status: 'PROCESSING',
    receiver: 'user',
    createdAt: now,
    endedAt: null,
  };
  simulator.tradeRefunds.add(refund);
  scheduleEnd(simulator, refund);
  return refund;
}

function scheduleEnd(simulator: Simulator, { outRefundNo }: TradeRefund): void {
  const at = simulator.now() + REFUND_DURATION_MS;
  simulator.schedule({ kind: 'tradeRefundEnds', at, outRefundNo });
}

/** 退款入账账户, as the customer and the merchant read it. */
export function receivingAccount({ receiver }: TradeRefund): string {
  return receiver === 'merchant' ? '退回商户基本账户' : '支付用户零钱';
}

function describeTradeRefund(simulator: Simulator, refund: TradeRefund): PayReply {
  const total = simulator.transactions.find(refund.transactionId)?.amountFen ?? 0;
  return okReply({
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: receivingAccount(refund),
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

/** 申请退款: idempotent by the refund number. */
export function requestTradeRefund(simulator: Simulator, request: RefundRequest): PayReply {
  const payment = findPayment(simulator, request);
  if (isPayErrorReply(payment)) return payment;
  const known = simulator.tradeRefunds.find(request.out_refund_no);
  if (known) {
    const same =
      known.transactionId === payment.transactionId &&
      known.amountFen === request.amount.refund &&
      payment.amountFen === request.amount.total;
    return same
      ? describeTradeRefund(simulator, known)
      : payErrorReply('INVALID_REQUEST', '订单金额或退款金额与之前请求不一致，请核实后再试');
  }
  const error =
    amountError(simulator, payment, request.amount) ?? refundRuleError(simulator, payment);
  return error ?? describeTradeRefund(simulator, createTradeRefund(simulator, payment, request));
}

/** 查询单笔退款（通过商户退款单号）. */
export function queryTradeRefund(simulator: Simulator, outRefundNo: string): PayReply {
  const refund = simulator.tradeRefunds.find(outRefundNo);
  return refund ? describeTradeRefund(simulator, refund) : refundNotFound;
}

/** Completes a refund as successful or abnormal. @returns the refund if it was pending */
export function completeTradeRefund(
  simulator: Simulator,
  outRefundNo: string,
  at: number,
): TradeRefund | undefined {
  const refund = simulator.tradeRefunds.find(outRefundNo);
  if (refund?.status !== 'PROCESSING') return undefined;
  refund.status = resultOf(simulator, refund);
  refund.endedAt = at;
  return refund;
}

function resultOf(
  { state: { faults } }: Simulator,
  { receiver }: TradeRefund,
): TradeRefund['status'] {
  if (receiver === 'merchant') return 'SUCCESS';
  if (faults.refundClosed) return 'CLOSED';
  return faults.refundAbnormal ? 'ABNORMAL' : 'SUCCESS';
}

/**
 * 发起异常退款: sends an abnormal refund to another bank card, or to the merchant's account.
 * @param refundId WeChat Pay's number of the refund, from the path
 */
export function redirectTradeRefund(
  simulator: Simulator,
  request: AbnormalRefundRequest,
  { refundId, serial }: { refundId: string; serial: string },
): PayReply {
  const refund = simulator.tradeRefunds.find(request.out_refund_no);
  if (refund?.refundId !== refundId) return refundNotFound;
  const receiver = request.type === 'MERCHANT_BANK_CARD' ? 'merchant' : 'user';
  const isRepeated = refund.receiver === receiver && refund.status !== 'ABNORMAL';
  if (isRepeated && receiver === 'merchant') return describeTradeRefund(simulator, refund);
  if (refund.status !== 'ABNORMAL')
    return payErrorReply('INVALID_REQUEST', '退款单状态不是退款异常，不能发起异常退款');
  if (receiver === 'user' && !isReadableCard(simulator, request, serial))
    return payErrorReply('PARAM_ERROR', '银行卡信息缺失或解密失败');
  refund.status = 'PROCESSING';
  refund.receiver = receiver;
  refund.endedAt = null;
  scheduleEnd(simulator, refund);
  return describeTradeRefund(simulator, refund);
}

function isReadableCard(
  simulator: Simulator,
  { bank_type: bankType, bank_account: account, real_name: name }: AbnormalRefundRequest,
  serial: string,
): boolean {
  if (bankType === undefined || account === undefined || name === undefined) return false;
  const number = decryptSensitive(simulator, serial, account);
  const holder = decryptSensitive(simulator, serial, name);
  return /^\d{8,32}$/.test(number ?? '') && (holder ?? '') !== '';
}

/**
 * Makes a refund as the merchant's staff do in WeChat Pay's own console (商户平台, 退款管理). The merchant's
 * server learns of it from the bill, or from a notification if the payment's address is used for it.
 */
export function refundInConsole(
  simulator: Simulator,
  request: { orderNumber: string; amountFen?: number | undefined; notify: boolean },
): TradeRefund | PayErrorReply {
  const [payment] = simulator.transactionsByTrade.get(request.orderNumber);
  const trade = simulator.trades.find(request.orderNumber);
  if (!payment || !trade) return payErrorReply('RESOURCE_NOT_EXISTS', '订单不存在');
  const left = payment.amountFen - tradeRefundedFen(simulator, payment.transactionId, 'asked');
  const { amountFen = left } = request;
  if (amountFen < 1 || amountFen > left)
    return payErrorReply('INVALID_REQUEST', '累计退款金额超过支付金额');
  return createTradeRefund(simulator, payment, {
    out_refund_no: refundNumber(simulator.now()),
    ...(request.notify && { notify_url: trade.notifyUrl }),
    amount: { refund: amountFen, total: payment.amountFen, currency: 'CNY' },
  });
}
