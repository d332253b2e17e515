import { z } from 'zod';
import { beijingDateTime } from '@shared/beijing-time';
import { PlatformUnavailable } from '../ports';
import type { Outcome, PaymentGateway, PaymentOrder, PaymentState } from '../ports';
import { formatMessage } from './client';
import type { ApiRequest, RefusedResult, Warn, WechatPayClient } from './client';
import type { RefusalCode } from './error-codes';
import { signPaymentRequest } from './signatures';
import type { Merchant } from './signatures';
import { truncateToBytes } from './truncate';
import { CURRENCY, readPayment, trade } from './trades';
import type { MerchantAccount, Trade } from './trades';

export interface PaymentsOptions {
  client: WechatPayClient;
  /** The mini-program that opens the payment sheet. */
  appId: string;
  merchant: Merchant;
  /** Where WeChat Pay sends its notifications: https, without parameters. */
  notifyUrl: string;
  /** Epoch milliseconds. */
  clock: () => number;
  warn: Warn;
}

type Payments = Pick<
  PaymentGateway,
  'createPayment' | 'queryPayment' | 'queryTransaction' | 'closePayment'
>;
type CreateReason = 'alreadyPaid' | 'closed' | 'rejected';
type CloseReason = 'alreadyPaid' | 'tooEarly' | 'rejected';

/** JSAPI/小程序下单: at most 127 characters. Counted in bytes, it fits either way of counting. */
const DESCRIPTION_BYTES = 127;
/** JSAPI/小程序下单, time_expire: at least one minute ahead. */
const MIN_PAYMENT_WINDOW_MS = 60 * 1000;

const prepayAnswer = z.object({ prepay_id: z.string().regex(/^[\x21-\x7e]{1,64}$/) });

const createReasons: Readonly<Partial<Record<RefusalCode, CreateReason>>> = {
  ORDERPAID: 'alreadyPaid',
  ORDER_CLOSED: 'closed',
};

/** The older pages of 关闭订单 let an order be closed five minutes after it was made at the earliest. */
const closeReasons: Readonly<Partial<Record<RefusalCode, CloseReason>>> = {
  ORDERPAID: 'alreadyPaid',
  INVALID_REQUEST: 'tooEarly',
};

const closedOrAbsent: readonly RefusalCode[] = [
  'ORDER_CLOSED',
  'ORDER_NOT_EXIST',
  'RESOURCE_NOT_EXISTS',
];
const noSuchOrder: readonly RefusalCode[] = ['ORDER_NOT_EXIST', 'RESOURCE_NOT_EXISTS'];

export function toRefusedOutcome<Reason extends string>(
  { code, description }: RefusedResult,
  reasons: Readonly<Partial<Record<RefusalCode, Reason>>>,
  fallback: Reason,
): Outcome<never, Reason> {
  const message = `${code}: ${description}`;
  return { outcome: 'refused', reason: reasons[code] ?? fallback, message };
}

/** The same order is the same text at every try: WeChat Pay refuses a number that comes with other content. */
function orderBody(
  order: PaymentOrder,
  { appId, mchId }: MerchantAccount,
  notifyUrl: string,
): object {
  return {
    appid: appId,
    mchid: mchId,
    description: truncateToBytes(`流卡流量充值 ${order.packageName}`, DESCRIPTION_BYTES),
    out_trade_no: order.orderNumber,
    time_expire: `${beijingDateTime(order.payBefore).replace(' ', 'T')}+08:00`,
    notify_url: notifyUrl,
    amount: { total: order.amount, currency: CURRENCY },
    payer: { openid: order.openid },
  };
}

/** Orders of WeChat Pay: JSAPI/小程序下单, 查询订单, 关闭订单. */
export function createPayments(parts: PaymentsOptions): Payments {
  const { client, appId, merchant, notifyUrl, clock, warn } = parts;
  const { mchId } = merchant;

  function reportMismatch(operation: string, problem: string): PlatformUnavailable {
    warn('answer about something else', { operation, problem });
    return new PlatformUnavailable(formatMessage(operation, problem));
  }

  async function findTrade(request: ApiRequest): Promise<Trade | undefined> {
    const result = await client.query(request, trade);
    if (result.outcome === 'refused') {
      if (noSuchOrder.includes(result.code)) return undefined;
      const problem = `refused with ${result.code}`;
      throw new PlatformUnavailable(formatMessage(request.operation, problem));
    }
    const { appid, mchid } = result.data;
    if (appid === appId && mchid === mchId) return result.data;
    throw reportMismatch(request.operation, 'answered about another merchant or mini-program');
  }

  function paymentOf(operation: string, paid: Trade) {
    const payment = readPayment(paid);
    if (payment !== undefined) return payment;
    throw reportMismatch(operation, 'a paid trade without what proves it');
  }

  function readState(operation: string, found: Trade): PaymentState {
    switch (found.trade_state) {
      case 'NOTPAY':
        return { state: 'unpaid' };
      case 'CLOSED':
        return { state: 'closed' };
      case 'SUCCESS':
      case 'REFUND': {
        const { orderNumber: _, ...payment } = paymentOf(operation, found);
        return { state: found.trade_state === 'SUCCESS' ? 'paid' : 'refunded', ...payment };
      }
    }
  }

  return {
    async createPayment(order) {
      if (order.payBefore - clock() < MIN_PAYMENT_WINDOW_MS) {
        const message = 'WeChat Pay takes no order with less than a minute to pay';
        return { outcome: 'refused', reason: 'closed', message };
      }
      const request = {
        operation: 'jsapi',
        method: 'POST',
        path: '/v3/pay/transactions/jsapi',
        body: orderBody(order, { appId, mchId }, notifyUrl),
      } as const;
      const result = await client.call(request, prepayAnswer);
      if (result.outcome === 'unknown') return result;
      if (result.outcome === 'refused') return toRefusedOutcome(result, createReasons, 'rejected');
      const { privateKey } = merchant;
      const prepayId = result.data.prepay_id;
      return {
        outcome: 'done',
        value: signPaymentRequest({ appId, prepayId, privateKey }, clock()),
      };
    },

    async queryPayment(orderNumber) {
      const operation = 'query';
      const path = `/v3/pay/transactions/out-trade-no/${encodeURIComponent(orderNumber)}`;
      const query = { mchid: mchId };
      const found = await findTrade({ operation, method: 'GET', path, query });
      if (found === undefined) return { state: 'absent' };
      if (found.out_trade_no === orderNumber) return readState(operation, found);
      throw reportMismatch(operation, 'answered about another order');
    },

    async queryTransaction(transactionId) {
      const operation = 'queryTransaction';
      const path = `/v3/pay/transactions/id/${encodeURIComponent(transactionId)}`;
      const query = { mchid: mchId };
      const found = await findTrade({ operation, method: 'GET', path, query });
      if (found === undefined) return undefined;
      const payment = paymentOf(operation, found);
      if (payment.transactionId === transactionId) return payment;
      throw reportMismatch(operation, 'answered about another transaction');
    },

    async closePayment(orderNumber) {
      const request = {
        operation: 'close',
        method: 'POST',
        path: `/v3/pay/transactions/out-trade-no/${encodeURIComponent(orderNumber)}/close`,
        body: { mchid: mchId },
      } as const;
      const result = await client.call(request, z.unknown());
      if (result.outcome === 'unknown') return result;
      if (result.outcome === 'done' || closedOrAbsent.includes(result.code)) {
        return { outcome: 'done', value: null };
      }
      return toRefusedOutcome(result, closeReasons, 'rejected');
    },
  };
}
