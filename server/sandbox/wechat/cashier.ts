import { z } from 'zod';
import type { Deliveries } from '../deliveries';
import type { Notify } from '../shingsou/unsigned-notification';
import type { PlatformOrder, Prepay, Trade } from '../state';
import { notifyPayment } from '../wechatpay/notifications';
import { payBlockedReason as tradeRefusal, recordPayment } from '../wechatpay/trades';
import type { Simulator } from '../simulator';
import { markPaid, payBlockedReason as orderRefusal, PREPAY_PREFIX } from '../wechatpay-v2/orders';
import {
  hasValidV2Signature,
  hasValidV3Signature,
  type PaymentRequest,
} from '../wechatpay-v2/signing';

/** The user's action on the payment sheet. The signature is checked if it is given. */
export const cashierRequest = z.strictObject({
  package: z.string().max(200),
  action: z.enum(['pay', 'cancel']),
  timeStamp: z.string().max(32).optional(),
  nonceStr: z.string().max(64).optional(),
  signType: z.string().max(16).optional(),
  paySign: z.string().max(1024).optional(),
});
type CashierRequest = z.infer<typeof cashierRequest>;

/** The five parameters of `wx.requestPayment`, which open the payment sheet. */
export const paymentRequest = z.object({
  timeStamp: z.string().max(32),
  nonceStr: z.string().max(64),
  package: z.string().max(200),
  signType: z.string().max(16),
  paySign: z.string().max(1024),
});

const INVALID_SIGNATURE = '支付验证签名失败';

/** An order that the user can pay. */
interface Payable {
  amountFen: number;
  goods: string;
  pay(at: number): void;
}

type PaymentBlocked = { reason: string };

/** The signed parameters; with only some of them given, the others are empty. */
function paymentRequestOf(request: CashierRequest): PaymentRequest | undefined {
  const { timeStamp, nonceStr, signType, paySign } = request;
  if ([timeStamp, nonceStr, signType, paySign].every((part) => part === undefined)) {
    return undefined;
  }
  return {
    package: request.package,
    timeStamp: timeStamp ?? '',
    nonceStr: nonceStr ?? '',
    signType: signType ?? '',
    paySign: paySign ?? '',
  };
}

/** Whether WeChat would open the sheet: signed with the key of the prepayment's channel. */
function isSignatureValid(
  simulator: Simulator,
  prepaid: Prepay | undefined,
  request: PaymentRequest,
): boolean {
  const { appId, payKey } = simulator.credentials;
  return prepaid?.channel === 'wechatpay'
    ? hasValidV3Signature(request, appId, simulator.payKeys().merchantPublicKey)
    : hasValidV2Signature(request, appId, payKey);
}

function findPrepay(simulator: Simulator, text: string): Prepay | undefined {
  if (!text.startsWith(PREPAY_PREFIX)) return undefined;
  return simulator.prepays.find(text.slice(PREPAY_PREFIX.length));
}

export interface Cashier {
  /** What the sheet shows for these parameters. */
  show(paymentRequest: PaymentRequest): { amountFen: number; goods: string } | PaymentBlocked;
  /** @returns the `errMsg` of `wx.requestPayment` */
  submit(request: CashierRequest): string;
}

export function createCashier(
  simulator: Simulator,
  deliveries: Deliveries,
  notify: Notify,
): Cashier {
  const orderPayable = (order: PlatformOrder): Payable => ({
    amountFen: order.amountFen,
    goods: order.productName,
    pay(at) {
      markPaid(simulator, order, at);
      notify(order, 'paid', at);
      deliveries.start(order, at);
    },
  });

  const tradePayable = (trade: Trade): Payable => ({
    amountFen: trade.amountFen,
    goods: trade.description,
    pay(at) {
      for (const transaction of recordPayment(simulator, trade, at)) {
        notifyPayment(simulator, trade, transaction, at);
      }
    },
  });

  /** Finds the order of a prepayment, and why it can no longer be paid. */
  function findPayable(
    prepaid: Prepay,
  ): { blockedReason: string | undefined; payable: Payable } | undefined {
    if (prepaid.channel === 'wechatpay') {
      const trade = simulator.trades.find(prepaid.outTradeNo);
      return trade && { blockedReason: tradeRefusal(trade), payable: tradePayable(trade) };
    }
    const order = simulator.orders.find(prepaid.outTradeNo);
    return order && { blockedReason: orderRefusal(order), payable: orderPayable(order) };
  }

  function resolvePayable(
    prepaid: Prepay | undefined,
    parameters: PaymentRequest | undefined,
  ): Payable | PaymentBlocked {
    if (parameters && !isSignatureValid(simulator, prepaid, parameters))
      return { reason: INVALID_SIGNATURE };
    const found = prepaid && findPayable(prepaid);
    if (!found) return { reason: '支付参数 prepay_id 无效' };
    if (found.blockedReason !== undefined) return { reason: found.blockedReason };
    return prepaid.expiresAt <= simulator.now()
      ? { reason: '该订单已过期，请重新下单' }
      : found.payable;
  }

  return {
    show: (parameters) => resolvePayable(findPrepay(simulator, parameters.package), parameters),
    submit(request) {
      const found = resolvePayable(
        findPrepay(simulator, request.package),
        paymentRequestOf(request),
      );
      if ('reason' in found) return `requestPayment:fail ${found.reason}`;
      if (request.action === 'cancel') return 'requestPayment:fail cancel';
      found.pay(simulator.now());
      return 'requestPayment:ok';
    },
  };
}
