import { beijingDateTime } from '@shared/beijing-time';
import type { PaymentParameters } from '@shared/contract';
import { formatYuan } from '@shared/money';
import { effectiveAt, monthPassed, paymentEnd } from '../effective-at';
import { PlatformUnavailable } from '../ports';
import type {
  Outcome,
  Payment,
  PaymentGateway,
  PaymentOrder,
  PaymentState,
  RefundOrder,
  RefundState,
} from '../ports';
import { downloadBill } from './bill';
import type { AnswerOf, RefusedResult, ShingsouClient } from './client';
import { readUnsignedNotification } from './unsigned-notification';
import { operations } from './operations';
import type { RefusalName } from './operations';
import { registerOrder } from './registration';
import type { RegistrationOptions } from './registration';
import { amountOf, instantOf, queryRefused, unknownOutcome } from './field-readers';

type CreateReason = 'alreadyPaid' | 'closed' | 'rejected';
type CloseReason = 'alreadyPaid' | 'tooEarly' | 'rejected';
type Trade = AnswerOf<'queryPayment'>;
type RefundStatus = AnswerOf<'refund'>['status'];

const createReasons: Readonly<Partial<Record<RefusalName, CreateReason>>> = {
  ORDERPAID: 'alreadyPaid',
  ORDERCLOSED: 'closed',
};

/** WeChat Pay answers INVALID_REQUEST if an order is closed within five minutes of its creation. */
const closeReasons: Readonly<Partial<Record<RefusalName, CloseReason>>> = {
  INVALID_REQUEST: 'tooEarly',
  ORDERPAID: 'alreadyPaid',
};

const refundStates: Readonly<Record<RefundStatus, RefundState>> = {
  PROCESSING: 'processing',
  SUCCESS: 'done',
  CLOSED: 'closed',
  ABNORMAL: 'abnormal',
};

/** The outcome of a refused call. A name without a reason of its own is `rejected`. */
function toRefusedOutcome<Reason extends string>(
  result: RefusedResult,
  reasons: Readonly<Partial<Record<RefusalName, Reason>>>,
): Outcome<never, Reason | 'rejected'> {
  const reason = reasons[result.name] ?? 'rejected';
  return { outcome: 'refused', reason, message: `${result.name}: ${result.description}` };
}

/** @throws PlatformUnavailable if a paid trade has no transaction id or time */
function readTrade(trade: Trade): PaymentState {
  switch (trade.tradeState) {
    case 'NOTPAY':
      return { state: 'unpaid' };
    case 'CLOSED':
      return { state: 'closed' };
    case 'REFUND':
      return { state: 'refunded', ...readPayment(trade) };
    case 'SUCCESS':
      return { state: 'paid', ...readPayment(trade) };
  }
}

function readPayment({ totalAmount, transactionId, openId, timeEnd }: Trade): Payment {
  const operation = operations.queryPayment.id;
  const amount = amountOf(operation, totalAmount);
  if (transactionId === null || timeEnd === null) {
    throw new PlatformUnavailable(`shingsou ${operation}: a paid trade without number or time`);
  }
  return { amount, transactionId, openid: openId, paidAt: instantOf(timeEnd) };
}

export interface PaymentGatewayOptions extends RegistrationOptions {
  /** The mini-program that opens the payment sheet. */
  appId: string;
}

/** The five parameters of wx.requestPayment. Unknown unless they are signed for our mini-program. */
function readPaymentRequest(
  { appId, warn }: PaymentGatewayOptions,
  answer: AnswerOf<'appletPay'>,
): Outcome<PaymentParameters, never> {
  const { appId: signedFor, timeStamp, nonceStr, package: prepay, signType, paySign } = answer;
  if (signedFor !== appId) {
    warn('the payment request is signed for another mini-program', {
      operation: operations.appletPay.id,
    });
    return unknownOutcome(operations.appletPay.id, 'signed for another mini-program');
  }
  return { outcome: 'done', value: { timeStamp, nonceStr, package: prepay, signType, paySign } };
}

/**
 * `payment-post` registers the order under our number and returns 旭宇's own number. `wechatpay-appletpay`
 * returns the parameters of the payment sheet (access document, section 在线订购套餐; how the two operations
 * work together is ASSUMED, see the operation table). The package starts when it is paid, so an order must be
 * paid before the billing month ends in which it was registered.
 */
async function createPayment(
  options: PaymentGatewayOptions,
  order: PaymentOrder,
): Promise<Outcome<PaymentParameters, CreateReason>> {
  const now = options.platformClock.now();
  const effective = effectiveAt(order, now);
  if (effective === undefined) return monthPassed;
  const registered = await registerOrder(options, { ...order, effective }, 'customer');
  if (registered.outcome === 'unknown') return registered;
  if (registered.outcome === 'refused') return toRefusedOutcome(registered, createReasons);
  const prepared = await options.client.call('appletPay', {
    orderNo: registered.data.platformNumber,
    openId: order.openid,
    timeExpire: beijingDateTime(paymentEnd(order, now)),
  });
  if (prepared.outcome === 'unknown') return prepared;
  if (prepared.outcome === 'refused') return toRefusedOutcome(prepared, createReasons);
  return readPaymentRequest(options, prepared.data);
}

/** @throws PlatformUnavailable */
async function queryPayment(client: ShingsouClient, orderNumber: string): Promise<PaymentState> {
  const { id } = operations.queryPayment;
  const result = await client.query('queryPayment', { outTradeNo: orderNumber });
  if (result.outcome === 'refused') {
    if (result.name === 'ORDERNOTEXIST') return { state: 'absent' };
    throw queryRefused(id, result);
  }
  if (result.data.outTradeNo === orderNumber) return readTrade(result.data);
  throw new PlatformUnavailable(`shingsou ${id}: answered about another order`);
}

/** An order that is closed already, or does not exist, counts as closed. */
async function closePayment(
  client: ShingsouClient,
  orderNumber: string,
): Promise<Outcome<null, CloseReason>> {
  const result = await client.call('closePayment', { outTradeNo: orderNumber });
  if (result.outcome === 'unknown') return result;
  if (result.outcome === 'refused') {
    const isClosed = result.name === 'ORDERCLOSED' || result.name === 'ORDERNOTEXIST';
    return isClosed ? { outcome: 'done', value: null } : toRefusedOutcome(result, closeReasons);
  }
  return result.data.outTradeNo === orderNumber
    ? { outcome: 'done', value: null }
    : unknownOutcome(operations.closePayment.id, 'answered about another order');
}

async function refund(
  client: ShingsouClient,
  order: RefundOrder,
): Promise<Outcome<RefundState, 'rejected'>> {
  const refundAmount = formatYuan(order.amount);
  const result = await client.call('refund', {
    outTradeNo: order.orderNumber,
    outRefundNo: order.refundNumber,
    totalAmount: formatYuan(order.paid),
    refundAmount,
    reason: order.reason,
  });
  if (result.outcome === 'unknown') return result;
  if (result.outcome === 'refused') {
    return result.name === 'NOTENOUGH'
      ? { outcome: 'done', value: 'notEnoughBalance' }
      : toRefusedOutcome(result, {});
  }
  const { outRefundNo, refundAmount: accepted, status } = result.data;
  return outRefundNo === order.refundNumber && accepted === refundAmount
    ? { outcome: 'done', value: refundStates[status] }
    : unknownOutcome(operations.refund.id, 'answered about another refund');
}

/** @throws PlatformUnavailable */
async function queryRefund(client: ShingsouClient, refundNumber: string): Promise<RefundState> {
  const { id } = operations.queryRefund;
  const result = await client.query('queryRefund', { outRefundNo: refundNumber });
  if (result.outcome === 'refused') {
    if (result.name === 'REFUNDNOTEXIST') return 'absent';
    throw queryRefused(id, result);
  }
  if (result.data.outRefundNo === refundNumber) return refundStates[result.data.status];
  throw new PlatformUnavailable(`shingsou ${id}: answered about another refund`);
}

/** 旭宇 as a payment gateway. */
export function createPaymentGateway(options: PaymentGatewayOptions): PaymentGateway {
  const { client } = options;
  return {
    name: 'shingsou',
    // 旭宇 captures the payment and then delivers the package itself.
    deliversOnPayment: true,
    createPayment: (order) => createPayment(options, order),
    queryPayment: (orderNumber) => queryPayment(client, orderNumber),
    closePayment: (orderNumber) => closePayment(client, orderNumber),
    refund: (order) => refund(client, order),
    queryRefund: (refundNumber) => queryRefund(client, refundNumber),
    readNotification: (notification) => Promise.resolve(readUnsignedNotification(notification)),
    // ASSUMED: in the envelope of the platform's own answers.
    acknowledgement: { code: 200, name: 'Status200OK', description: 'ok' },
    downloadBill: (day) => downloadBill(client, day),
  };
}
