import { beijingDateTime } from '@shared/beijing-time';
import type { PaymentParameters } from '@shared/contract';
import { formatYuan } from '@shared/money';
import { PlatformUnavailable } from '../ports';
import type { Outcome, Payment, PaymentGateway, PaymentState, RefundState } from '../ports';
import { downloadBill } from './bill';
import type { AnswerOf, RefusedResult } from './client';
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

/** WeChat answers INVALID_REQUEST where an order is closed within five minutes of its creation. */
const closeReasons: Readonly<Partial<Record<RefusalName, CloseReason>>> = {
  INVALID_REQUEST: 'tooEarly',
  ORDERPAID: 'alreadyPaid',
};

const refundStates: Readonly<Record<RefundStatus, RefundState>> = {
  PROCESSING: 'processing',
  SUCCESS: 'done',
  CLOSED: 'abnormal',
  ABNORMAL: 'abnormal',
};

function toRefusedOutcome<Reason extends string>(
  result: RefusedResult,
  reasons: Readonly<Partial<Record<RefusalName, Reason>>>,
  fallback: Reason,
): Outcome<never, Reason> {
  const reason = reasons[result.name] ?? fallback;
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

interface PaymentGatewayOptions extends RegistrationOptions {
  /** The mini-program that opens the payment sheet. */
  appId: string;
}

/**
 * Payments through 旭宇: payment-post registers the order under our number and answers 旭宇's own,
 * wechatpay-appletpay answers what the payment sheet needs (access document, section 在线订购套餐; how
 * the two go together is assumed, see the operation table).
 */
export function createPaymentGateway(options: PaymentGatewayOptions): PaymentGateway {
  const { client, appId, warn } = options;

  /** The five parameters of wx.requestPayment, for the mini-program that asked. */
  function readPaymentRequest(
    answer: AnswerOf<'appletPay'>,
  ): Outcome<PaymentParameters, CreateReason> {
    const { appId: signedFor, timeStamp, nonceStr, package: prepay, signType, paySign } = answer;
    if (signedFor !== appId) {
      warn('payment signed for another mini-program', { operation: operations.appletPay.id });
      return unknownOutcome(operations.appletPay.id, 'signed for another mini-program');
    }
    const value = { timeStamp, nonceStr, package: prepay, signType, paySign };
    return { outcome: 'done', value };
  }

  return {
    name: 'shingsou',
    // 旭宇 takes the money and delivers by itself.
    deliversOnPayment: true,

    async createPayment(order) {
      const registered = await registerOrder(options, order, 'customer');
      if (registered.outcome === 'unknown') return registered;
      if (registered.outcome === 'refused')
        return toRefusedOutcome(registered, createReasons, 'rejected');
      const paymentRequest = await client.call('appletPay', {
        orderNo: registered.data.platformNumber,
        openId: order.openid,
        timeExpire: beijingDateTime(order.payBefore),
      });
      if (paymentRequest.outcome === 'unknown') return paymentRequest;
      if (paymentRequest.outcome === 'refused')
        return toRefusedOutcome(paymentRequest, createReasons, 'rejected');
      return readPaymentRequest(paymentRequest.data);
    },

    async queryPayment(orderNumber) {
      const result = await client.query('queryPayment', { outTradeNo: orderNumber });
      if (result.outcome === 'done') {
        if (result.data.outTradeNo === orderNumber) return readTrade(result.data);
        throw new PlatformUnavailable(
          `shingsou ${operations.queryPayment.id}: answered about another order`,
        );
      }
      if (result.name === 'ORDERNOTEXIST') return { state: 'absent' };
      throw queryRefused(operations.queryPayment.id, result);
    },

    async closePayment(orderNumber) {
      const result = await client.call('closePayment', { outTradeNo: orderNumber });
      if (result.outcome === 'unknown') return result;
      if (result.outcome === 'refused') {
        const isClosed = result.name === 'ORDERCLOSED' || result.name === 'ORDERNOTEXIST';
        return isClosed
          ? { outcome: 'done', value: null }
          : toRefusedOutcome(result, closeReasons, 'rejected');
      }
      return result.data.outTradeNo === orderNumber
        ? { outcome: 'done', value: null }
        : unknownOutcome(operations.closePayment.id, 'answered about another order');
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
          : toRefusedOutcome(result, {}, 'rejected');
      }
      const { outRefundNo, refundAmount: accepted, status } = result.data;
      return outRefundNo === order.refundNumber && accepted === refundAmount
        ? { outcome: 'done', value: refundStates[status] }
        : unknownOutcome(operations.refund.id, 'answered about another refund');
    },

    async queryRefund(refundNumber) {
      const result = await client.query('queryRefund', { outRefundNo: refundNumber });
      if (result.outcome === 'done') {
        if (result.data.outRefundNo === refundNumber) return refundStates[result.data.status];
        throw new PlatformUnavailable(
          `shingsou ${operations.queryRefund.id}: answered about another refund`,
        );
      }
      if (result.name === 'REFUNDNOTEXIST') return 'absent';
      throw queryRefused(operations.queryRefund.id, result);
    },

    readNotification: (notification) => Promise.resolve(readUnsignedNotification(notification)),

    // ASSUMED: in the envelope of the platform's own answers.
    acknowledgement: { code: 200, name: 'Status200OK', description: 'ok' },

    downloadBill: (day) => downloadBill(client, day),
  };
}
