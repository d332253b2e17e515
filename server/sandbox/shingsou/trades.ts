import { alipayTradeNumber, notificationId, shingsouNumber, transactionNumber } from '../ids';
import { queueNotification } from '../notifications';
import type { Simulator } from '../simulator';
import type { GatewayRefund, GatewayTrade, PaymentChannel } from './back-office-state';

/**
 * Payments of 支付网关v2 that are not for a package of 旭宇's: the rules about an order number that Alipay and
 * WeChat Pay share. Their operations map violations to error codes of their own.
 */

/** A merchant's payment request. */
export type TradeRequest = Pick<
  GatewayTrade,
  'outTradeNo' | 'amountFen' | 'subject' | 'notifyUrl' | 'timeExpire'
> & { kind: string; payer?: string | undefined };

export type TradeError = 'changed' | 'paid' | 'closed' | 'expired';

export function findTrade(
  simulator: Simulator,
  channel: PaymentChannel,
  outTradeNo: string,
): GatewayTrade | undefined {
  return simulator.state.shingsou.trades.find(
    (trade) => trade.channel === channel && trade.outTradeNo === outTradeNo,
  );
}

/** Creates a trade, or finds the existing one with the same content. */
export function findOrCreateTrade(
  simulator: Simulator,
  channel: PaymentChannel,
  request: TradeRequest,
): GatewayTrade | TradeError {
  const { kind, payer, ...rest } = request;
  const content = JSON.stringify([kind, payer ?? null, rest]);
  const known = findTrade(simulator, channel, request.outTradeNo);
  if (known) {
    if (known.content !== content) return 'changed';
    return known.state === 'unpaid' ? known : known.state;
  }
  if (request.timeExpire !== null && request.timeExpire <= simulator.now()) return 'expired';
  const trade: GatewayTrade = {
    ...rest,
    channel,
    content,
    createdAt: simulator.now(),
    state: 'unpaid',
    tradeNo: null,
    payer: null,
    paidAt: null,
  };
  simulator.state.shingsou.trades.push(trade);
  return trade;
}

/** Records the payment of a trade, and notifies the merchant if it named a URL. */
export function payTrade(simulator: Simulator, trade: GatewayTrade, payer: string): void {
  const at = simulator.now();
  trade.state = 'paid';
  trade.paidAt = at;
  trade.payer = payer;
  trade.tradeNo = trade.channel === 'alipay' ? alipayTradeNumber(at) : transactionNumber(at);
  if (trade.notifyUrl === null) return;
  queueNotification(simulator, at, {
    id: notificationId(),
    channel: 'shingsou',
    event: 'paid',
    outTradeNo: trade.outTradeNo,
    orderNo: trade.tradeNo,
    content: null,
    url: trade.notifyUrl,
  });
}

export function refundsOf(simulator: Simulator, trade: GatewayTrade): GatewayRefund[] {
  return simulator.state.shingsou.tradeRefunds.filter(
    ({ channel, outTradeNo }) => channel === trade.channel && outTradeNo === trade.outTradeNo,
  );
}

export function refundedAmountFen(simulator: Simulator, trade: GatewayTrade): number {
  return refundsOf(simulator, trade).reduce((sum, { amountFen }) => sum + amountFen, 0);
}

export type RefundError = 'unpaid' | 'tooMuch' | 'changed';

/** Refunds a trade; the same refund number refunds once. */
export function refundTrade(
  simulator: Simulator,
  trade: GatewayTrade,
  refundNo: string,
  amountFen: number,
): { refund: GatewayRefund; isNew: boolean } | RefundError {
  const { channel, outTradeNo } = trade;
  const known = simulator.state.shingsou.tradeRefunds.find(
    (one) => one.channel === channel && one.refundNo === refundNo,
  );
  if (known) {
    const isSameRefund = known.outTradeNo === outTradeNo && known.amountFen === amountFen;
    return isSameRefund ? { refund: known, isNew: false } : 'changed';
  }
  if (trade.state !== 'paid') return 'unpaid';
  const isTooMuch =
    amountFen < 1 || refundedAmountFen(simulator, trade) + amountFen > trade.amountFen;
  if (isTooMuch) return 'tooMuch';
  const refund = { channel, outTradeNo, refundNo, amountFen, createdAt: simulator.now() };
  simulator.state.shingsou.tradeRefunds.push(refund);
  return { refund, isNew: true };
}

export type CancelResult = 'close' | 'refund' | null;

/** 撤销: closes an unpaid trade, refunds a paid one in full. */
export function cancelTrade(simulator: Simulator, trade: GatewayTrade): CancelResult {
  if (trade.state === 'closed') return null;
  if (trade.state === 'unpaid') {
    trade.state = 'closed';
    return 'close';
  }
  const left = trade.amountFen - refundedAmountFen(simulator, trade);
  if (left < 1) return null;
  const { channel, outTradeNo } = trade;
  const refundNo = shingsouNumber('CX', simulator.now());
  const refund = { channel, outTradeNo, refundNo, amountFen: left, createdAt: simulator.now() };
  simulator.state.shingsou.tradeRefunds.push(refund);
  return 'refund';
}
