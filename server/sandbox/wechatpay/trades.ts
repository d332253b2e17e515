import { prepayNumber, transactionNumber } from '../ids';
import type { Trade, Transaction } from '../state';
import type { Simulator } from '../simulator';
import {
  okReply,
  noContentReply,
  payErrorReply,
  type PayReply,
  type PayErrorReply,
} from './pay-reply';
import type { JsapiRequest } from './requests';
import { formatPayTime } from './time';

/** WeChat Pay's rules about a merchant's order number (API v3, 小程序支付: 下单, 查单, 关单). */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** time_expire: at least a minute ahead, at most 90 days; 7 days by default. */
const EXPIRY_LIMITS_MS = { least: MINUTE_MS, most: 90 * DAY_MS, usual: 7 * DAY_MS };

const PREPAY_LIFETIME_MS = 2 * 60 * MINUTE_MS;

const tradeNotFound = payErrorReply('ORDER_NOT_EXIST', '订单不存在');

/** The error for a number that is already paid or closed. */
function tradeStateError(trade: Trade): PayErrorReply | undefined {
  if (trade.state === 'paid') return payErrorReply('ORDERPAID', '该订单已支付');
  return trade.state === 'closed' ? payErrorReply('ORDER_CLOSED', '该订单已关闭') : undefined;
}

/** Checks the merchant number and the mini-program of a request. */
export function merchantError(
  simulator: Simulator,
  { mchid, appid }: { mchid: string; appid?: string },
): PayErrorReply | undefined {
  if (mchid !== simulator.credentials.mchId) return payErrorReply('MCH_NOT_EXISTS', '商户号不存在');
  if (appid === undefined || appid === simulator.credentials.appId) return undefined;
  return payErrorReply('APPID_MCHID_NOT_MATCH', '商户号和appid不匹配');
}

function expiryError(timeExpire: number, now: number): PayErrorReply | undefined {
  const ahead = timeExpire - now;
  if (ahead < EXPIRY_LIMITS_MS.least || ahead > EXPIRY_LIMITS_MS.most) {
    return payErrorReply('PARAM_ERROR', 'time_expire 须在 1 分钟后、90 天内', {
      field: '/body/time_expire',
      location: 'body',
    });
  }
  return undefined;
}

function newTrade(request: JsapiRequest, timeExpire: number, now: number): Trade {
  return {
    outTradeNo: request.out_trade_no,
    description: request.description,
    amountFen: request.amount.total,
    openId: request.payer.openid,
    attach: request.attach ?? null,
    notifyUrl: request.notify_url,
    timeExpire,
    createdAt: now,
    content: JSON.stringify(request),
    state: 'unpaid',
  };
}

/** Creates the trade of a new number. */
function createTrade(simulator: Simulator, request: JsapiRequest): Trade | PayErrorReply {
  if (!simulator.peopleByOpenId.find(request.payer.openid)) {
    return payErrorReply('PARAM_ERROR', '无效的openid', {
      field: '/body/payer/openid',
      location: 'body',
    });
  }
  const now = simulator.now();
  const given = request.time_expire;
  const timeExpire = given === undefined ? now + EXPIRY_LIMITS_MS.usual : Date.parse(given);
  const error = expiryError(timeExpire, now);
  if (error) return error;
  const trade = newTrade(request, timeExpire, now);
  simulator.trades.add(trade);
  return trade;
}

/** Checks a later request of a number: it must have the content of the first one, and be payable. */
function reuseTrade(
  simulator: Simulator,
  trade: Trade,
  request: JsapiRequest,
): Trade | PayErrorReply {
  const error = tradeStateError(trade);
  if (error) return error;
  if (trade.content !== JSON.stringify(request)) {
    return payErrorReply('INVALID_REQUEST', '请求重入时，参数与首次请求时不一致');
  }
  return trade.timeExpire <= simulator.now()
    ? payErrorReply('OUT_TRADE_NO_USED', '订单已过期，请使用新的商户订单号')
    : trade;
}

/** 小程序下单: a new prepayment for each valid request. */
export function jsapi(simulator: Simulator, request: JsapiRequest): PayReply {
  const error = merchantError(simulator, request);
  if (error) return error;
  const known = simulator.trades.find(request.out_trade_no);
  const trade = known ? reuseTrade(simulator, known, request) : createTrade(simulator, request);
  if ('refused' in trade) return trade;
  const now = simulator.now();
  const prepayId = prepayNumber(now);
  const expiresAt = Math.min(now + PREPAY_LIFETIME_MS, trade.timeExpire);
  simulator.prepays.add({
    prepayId,
    channel: 'wechatpay',
    outTradeNo: trade.outTradeNo,
    expiresAt,
  });
  return okReply({ prepay_id: prepayId });
}

/** 关闭订单. */
export function closeTrade(simulator: Simulator, outTradeNo: string): PayReply {
  const trade = simulator.trades.find(outTradeNo);
  if (!trade) return tradeNotFound;
  const error = tradeStateError(trade);
  if (error) return error;
  trade.state = 'closed';
  return noContentReply;
}

const stateTexts = {
  NOTPAY: '订单未支付',
  CLOSED: '订单已关闭',
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款',
} as const;

function tradeFields(simulator: Simulator, trade: Trade, state: keyof typeof stateTexts) {
  return {
    appid: simulator.credentials.appId,
    mchid: simulator.credentials.mchId,
    out_trade_no: trade.outTradeNo,
    trade_type: 'JSAPI',
    trade_state: state,
    trade_state_desc: stateTexts[state],
    ...(trade.attach !== null && { attach: trade.attach }),
  };
}

/** The description of a transaction in queries and notifications. */
export function describeTransaction(
  simulator: Simulator,
  trade: Trade,
  transaction: Transaction,
  state: 'SUCCESS' | 'REFUND',
) {
  const { transactionId, amountFen, openId, paidAt } = transaction;
  return {
    ...tradeFields(simulator, trade, state),
    transaction_id: transactionId,
    bank_type: 'OTHERS',
    success_time: formatPayTime(paidAt),
    payer: { openid: openId },
    amount: {
      total: amountFen,
      payer_total: amountFen,
      currency: 'CNY',
      payer_currency: 'CNY',
    },
  };
}

/** REFUND from the first accepted refund on, whole or in part. */
function describePaid(simulator: Simulator, trade: Trade, transaction: Transaction): PayReply {
  const refunds = simulator.tradeRefundsByTransaction.get(transaction.transactionId);
  const state = refunds.length > 0 ? 'REFUND' : 'SUCCESS';
  return okReply(describeTransaction(simulator, trade, transaction, state));
}

/** 商户订单号查询订单. Of two payments for one number it shows the first. */
export function queryTrade(simulator: Simulator, outTradeNo: string): PayReply {
  const trade = simulator.trades.find(outTradeNo);
  if (!trade) return tradeNotFound;
  const [transaction] = simulator.transactionsByTrade.get(outTradeNo);
  if (transaction) return describePaid(simulator, trade, transaction);
  const amount = { total: trade.amountFen, currency: 'CNY', payer_currency: 'CNY' };
  const state = trade.state === 'closed' ? 'CLOSED' : 'NOTPAY';
  return okReply({ ...tradeFields(simulator, trade, state), amount });
}

/** 微信支付订单号查询订单. */
export function queryTransaction(simulator: Simulator, transactionId: string): PayReply {
  const transaction = simulator.transactions.find(transactionId);
  const trade = transaction && simulator.trades.find(transaction.outTradeNo);
  return trade ? describePaid(simulator, trade, transaction) : tradeNotFound;
}

/** Why a trade can no longer be paid, in the words of the payment sheet. */
export function payBlockedReason(trade: Trade): string | undefined {
  if (trade.state === 'unpaid') return undefined;
  return trade.state === 'paid' ? '该订单已支付' : '该订单已关闭';
}

/** Records a payment: twice under `doublePayment`, one fen short under `wrongAmount`. */
export function recordPayment(simulator: Simulator, trade: Trade, at: number): Transaction[] {
  const { doublePayment, wrongAmount } = simulator.state.faults;
  const amountFen = wrongAmount && trade.amountFen > 1 ? trade.amountFen - 1 : trade.amountFen;
  const times = doublePayment ? 2 : 1;
  trade.state = 'paid';
  return Array.from({ length: times }, () => {
    const transaction: Transaction = {
      transactionId: transactionNumber(at),
      outTradeNo: trade.outTradeNo,
      amountFen,
      openId: trade.openId,
      paidAt: at,
    };
    simulator.transactions.add(transaction);
    return transaction;
  });
}
