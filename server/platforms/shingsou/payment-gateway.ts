import { beijingDateTime } from '@shared/beijing-time';
import type { PaymentParameters } from '@shared/contract';
import { formatYuan, parseYuan } from '@shared/money';
import { PlatformUnavailable } from '../ports';
import type { Outcome, PaymentGateway, PaymentOrder, PaymentState, RefundState } from '../ports';
import type { AnswerOf, CallResult, Refused, ShingsouClient, Warn } from './client';
import { operations } from './operations';
import type { RefusalName } from './operations';
import { instantOf, unanswered } from './wire';

type Unknown = { outcome: 'unknown'; message: string };
type CreateReason = 'alreadyPaid' | 'closed' | 'rejected';
type CloseReason = 'alreadyPaid' | 'tooEarly' | 'rejected';
type Trade = AnswerOf<'queryPayment'>;
type RefundStatus = AnswerOf<'refund'>['status'];

const effectives: Readonly<Record<PaymentOrder['effective'], number>> = { now: 0, nextMonth: 1 };

const createRefusals: Readonly<Partial<Record<RefusalName, CreateReason>>> = {
  ORDERPAID: 'alreadyPaid',
  ORDERCLOSED: 'closed',
};

/** WeChat answers INVALID_REQUEST where an order is closed within five minutes of its creation. */
const closeRefusals: Readonly<Partial<Record<RefusalName, CloseReason>>> = {
  INVALID_REQUEST: 'tooEarly',
  ORDERPAID: 'alreadyPaid',
};

const refundStates: Readonly<Record<RefundStatus, RefundState>> = {
  PROCESSING: 'processing',
  SUCCESS: 'done',
  CLOSED: 'abnormal',
  ABNORMAL: 'abnormal',
};

function unknown(operation: string, problem: string): Unknown {
  return { outcome: 'unknown', message: `shingsou ${operation}: ${problem}` };
}

function refuse<Reason extends string>(
  result: Refused,
  reasons: Readonly<Partial<Record<RefusalName, Reason>>>,
  otherwise: Reason,
): Outcome<never, Reason> {
  const reason = reasons[result.name] ?? otherwise;
  return { outcome: 'refused', reason, message: `${result.name}: ${result.description}` };
}

/** @throws PlatformUnavailable where a paid trade lacks what proves it. */
function readTrade(trade: Trade): PaymentState {
  switch (trade.tradeState) {
    case 'NOTPAY':
      return { state: 'unpaid' };
    case 'CLOSED':
      return { state: 'closed' };
    case 'REFUND':
      return { state: 'refunded' };
    case 'SUCCESS':
      return readPaidTrade(trade);
  }
}

function readPaidTrade({ totalAmount, transactionId, openId, timeEnd }: Trade): PaymentState {
  const amount = parseYuan(totalAmount);
  if (amount === undefined || transactionId === null || timeEnd === null) {
    throw new PlatformUnavailable(
      `shingsou ${operations.queryPayment.id}: a paid trade without amount, number or time`,
    );
  }
  return { state: 'paid', amount, transactionId, openid: openId, paidAt: instantOf(timeEnd) };
}

export interface PaymentGatewayOptions {
  client: ShingsouClient;
  /** The mini-program that opens the payment sheet. */
  appId: string;
  /** Where 旭宇 knocks when something became of an order. */
  notifyUrl: string;
  warn: Warn;
}

/**
 * Payments through 旭宇: payment-post registers the order under our number and answers 旭宇's own,
 * wechatpay-appletpay answers what the payment sheet needs (access document, section 在线订购套餐; how
 * the two go together is assumed, see the operation table).
 */
export function createPaymentGateway(options: PaymentGatewayOptions): PaymentGateway {
  const { client, appId, notifyUrl, warn } = options;

  async function register(order: PaymentOrder): Promise<CallResult<{ platformNumber: string }>> {
    const totalAmount = formatYuan(order.amount);
    const result = await client.call('createPayment', {
      outTradeNo: order.orderNumber,
      cardNo: order.iccid,
      productId: order.packageId,
      effective: effectives[order.effective],
      totalAmount,
      notifyUrl,
    });
    if (result.outcome !== 'done') return result;
    const { orderNo, outTradeNo, totalAmount: registered } = result.data;
    if (outTradeNo === order.orderNumber && registered === totalAmount) {
      return { outcome: 'done', data: { platformNumber: orderNo } };
    }
    warn('order registered otherwise than asked', { operation: operations.createPayment.id });
    return unknown(operations.createPayment.id, 'the order was registered otherwise than asked');
  }

  /** The five parameters of wx.requestPayment, for the mini-program that asked. */
  function readSheet(answer: AnswerOf<'appletPay'>): Outcome<PaymentParameters, CreateReason> {
    const { appId: signedFor, timeStamp, nonceStr, package: prepay, signType, paySign } = answer;
    if (signedFor !== appId) {
      warn('payment signed for another mini-program', { operation: operations.appletPay.id });
      return unknown(operations.appletPay.id, 'signed for another mini-program');
    }
    const value = { timeStamp, nonceStr, package: prepay, signType, paySign };
    return { outcome: 'done', value };
  }

  return {
    name: 'shingsou',

    async createPayment(order) {
      const registered = await register(order);
      if (registered.outcome === 'unknown') return registered;
      if (registered.outcome === 'refused') return refuse(registered, createRefusals, 'rejected');
      const sheet = await client.call('appletPay', {
        orderNo: registered.data.platformNumber,
        openId: order.openid,
        timeExpire: beijingDateTime(order.payBefore),
      });
      if (sheet.outcome === 'unknown') return sheet;
      if (sheet.outcome === 'refused') return refuse(sheet, createRefusals, 'rejected');
      return readSheet(sheet.data);
    },

    async queryPayment(orderNumber) {
      const result = await client.ask('queryPayment', { outTradeNo: orderNumber });
      if (result.outcome === 'done') {
        if (result.data.outTradeNo === orderNumber) return readTrade(result.data);
        throw new PlatformUnavailable(
          `shingsou ${operations.queryPayment.id}: answered about another order`,
        );
      }
      if (result.name === 'ORDERNOTEXIST') return { state: 'absent' };
      throw unanswered(operations.queryPayment.id, result);
    },

    async closePayment(orderNumber) {
      const result = await client.call('closePayment', { outTradeNo: orderNumber });
      if (result.outcome === 'unknown') return result;
      if (result.outcome === 'refused') {
        const isClosed = result.name === 'ORDERCLOSED' || result.name === 'ORDERNOTEXIST';
        return isClosed
          ? { outcome: 'done', value: null }
          : refuse(result, closeRefusals, 'rejected');
      }
      return result.data.outTradeNo === orderNumber
        ? { outcome: 'done', value: null }
        : unknown(operations.closePayment.id, 'answered about another order');
    },

    async refund(order) {
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
          : refuse(result, {}, 'rejected');
      }
      const { outRefundNo, refundAmount: accepted, status } = result.data;
      return outRefundNo === order.refundNumber && accepted === refundAmount
        ? { outcome: 'done', value: refundStates[status] }
        : unknown(operations.refund.id, 'answered about another refund');
    },

    async queryRefund(refundNumber) {
      const result = await client.ask('queryRefund', { outRefundNo: refundNumber });
      if (result.outcome === 'done') {
        if (result.data.outRefundNo === refundNumber) return refundStates[result.data.status];
        throw new PlatformUnavailable(
          `shingsou ${operations.queryRefund.id}: answered about another refund`,
        );
      }
      if (result.name === 'REFUNDNOTEXIST') return 'absent';
      throw unanswered(operations.queryRefund.id, result);
    },
  };
}
