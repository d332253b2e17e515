import { randomBytes } from 'node:crypto';
import { prepayNumber, transactionNumber } from '../ids';
import { errorReply, type ErrorReply, type Reply } from '../shingsou/reply';
import type { PlatformOrder } from '../state';
import type { Simulator } from '../simulator';
import { paySign } from './signing';

/**
 * WeChat Pay's rules about an order number (API v2, 统一下单, 查询订单, 关闭订单).
 */

/** A prepayment can be used for two hours. */
const PREPAY_LIFETIME_MS = 2 * 60 * 60_000;

/** 关闭订单: not within five minutes after the order. */
const CLOSE_AFTER_MS = 5 * 60_000;

/** The prefix of the prepay id in `package`. */
export const PREPAY_PREFIX = 'prepay_id=';

export const orderNotFound: ErrorReply = errorReply('ORDERNOTEXIST', '此交易订单号不存在');

function orderStateError(order: PlatformOrder): ErrorReply | undefined {
  if (order.payState === 'paid') return errorReply('ORDERPAID', '该订单已支付');
  if (order.payState === 'closed') return errorReply('ORDERCLOSED', '该订单已关闭');
  return undefined;
}

function parameterError(
  simulator: Simulator,
  order: PlatformOrder,
  request: { openId: string; timeExpire: number },
): ErrorReply | undefined {
  if (!simulator.peopleByOpenId.find(request.openId)) {
    return errorReply('INVALID_REQUEST', 'appid 和 openid 不匹配');
  }
  if (request.timeExpire <= simulator.now()) {
    return errorReply('INVALID_REQUEST', 'time_expire 已过');
  }
  const first = order.wechat;
  const isChanged =
    first && (first.openId !== request.openId || first.timeExpire !== request.timeExpire);
  return isChanged
    ? errorReply('INVALID_REQUEST', '201 商户订单号重复：重入时参数不一致')
    : undefined;
}

function signPaymentRequest(simulator: Simulator, prepayId: string) {
  const { appId, payKey } = simulator.credentials;
  const fields = {
    appId,
    timeStamp: String(Math.floor(simulator.now() / 1000)),
    nonceStr: randomBytes(16).toString('hex'),
    package: `${PREPAY_PREFIX}${prepayId}`,
    signType: 'MD5',
  };
  return { ...fields, paySign: paySign(fields, payKey) };
}

/**
 * Creates a prepayment and signs the parameters of `wx.requestPayment`. The same number with the same payer
 * and expiry gives a new prepayment; with others it is refused.
 */
export function prepay(
  simulator: Simulator,
  order: PlatformOrder,
  request: { openId: string; timeExpire: number },
): Reply {
  const error = orderStateError(order) ?? parameterError(simulator, order, request);
  if (error) return error;
  const now = simulator.now();
  order.wechat ??= { ...request, createdAt: now };
  const prepayId = prepayNumber(now);
  const expiresAt = Math.min(now + PREPAY_LIFETIME_MS, request.timeExpire);
  simulator.prepays.add({ prepayId, channel: 'shingsou', outTradeNo: order.outTradeNo, expiresAt });
  return { data: signPaymentRequest(simulator, prepayId) };
}

/** Why an order can no longer be paid, in the words of the payment sheet. */
export function payBlockedReason(order: PlatformOrder): string | undefined {
  return orderStateError(order)?.description;
}

/** Records the payment, one fen short under `wrongAmount`. */
export function markPaid(simulator: Simulator, order: PlatformOrder, at: number): void {
  order.payState = 'paid';
  order.paidAt = at;
  order.transactionId = transactionNumber(at);
  if (simulator.state.faults.wrongAmount) order.takenFen = order.amountFen - 1;
}

/** The amount that was taken, in fen. */
export function paidAmountFen({ takenFen: taken, amountFen }: PlatformOrder): number {
  return taken ?? amountFen;
}

export type TradeState = 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED';

/** 查询订单: REFUND from the first accepted refund on, whole or in part. */
export function tradeStateOf(simulator: Simulator, order: PlatformOrder): TradeState {
  if (order.payState === 'unpaid') return 'NOTPAY';
  if (order.payState === 'closed') return 'CLOSED';
  return simulator.refundsByOrder.get(order.outTradeNo).length > 0 ? 'REFUND' : 'SUCCESS';
}

/** 关闭订单. An order without a prepayment can be closed at once. */
export function close(simulator: Simulator, order: PlatformOrder): ErrorReply | undefined {
  const error = orderStateError(order);
  if (error) return error;
  if (order.wechat && simulator.now() - order.wechat.createdAt < CLOSE_AFTER_MS) {
    return errorReply('INVALID_REQUEST', '订单生成后不能马上关闭，最短调用时间间隔为 5 分钟');
  }
  order.payState = 'closed';
  return undefined;
}
