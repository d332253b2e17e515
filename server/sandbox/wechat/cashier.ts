import { z } from 'zod';
import type { Deliveries } from '../deliveries';
import type { Notify } from '../shingsou/knock';
import type { PlatformOrder, Prepay, Trade } from '../state';
import { notifyPayment } from '../wechatpay/notices';
import { payRefusal as tradeRefusal, takeMoney } from '../wechatpay/trades';
import type { World } from '../world';
import { markPaid, payRefusal as orderRefusal, PREPAY_PREFIX } from './orders';
import { isSigned, isSignedByMerchant, type PaymentSheetParameters } from './signing';

/** What the person does on the payment sheet. Where the sheet's signature is given, it is checked. */
export const cashierRequest = z.strictObject({
  package: z.string().max(200),
  action: z.enum(['pay', 'cancel']),
  timeStamp: z.string().max(32).optional(),
  nonceStr: z.string().max(64).optional(),
  signType: z.string().max(16).optional(),
  paySign: z.string().max(1024).optional(),
});
export type CashierRequest = z.infer<typeof cashierRequest>;

/** What opens the payment sheet: the five parameters of `wx.requestPayment`. */
export const sheetParameters = z.object({
  timeStamp: z.string().max(32),
  nonceStr: z.string().max(64),
  package: z.string().max(200),
  signType: z.string().max(16),
  paySign: z.string().max(1024),
});

const FORGED = '支付验证签名失败';

/** Something the person can pay for. */
interface Payable {
  amountFen: number;
  goods: string;
  pay(at: number): void;
}

type Refused = { reason: string };

/** A signature that is only half given counts as given: its missing parts are empty. */
function parametersOf(asked: CashierRequest): PaymentSheetParameters | undefined {
  const { timeStamp, nonceStr, signType, paySign } = asked;
  if ([timeStamp, nonceStr, signType, paySign].every((part) => part === undefined)) {
    return undefined;
  }
  return {
    package: asked.package,
    timeStamp: timeStamp ?? '',
    nonceStr: nonceStr ?? '',
    signType: signType ?? '',
    paySign: paySign ?? '',
  };
}

/** Whether WeChat would open the sheet: signed by the key of whoever made the prepayment. */
function isGenuine(
  world: World,
  prepaid: Prepay | undefined,
  parameters: PaymentSheetParameters,
): boolean {
  const { appId, payKey } = world.credentials;
  return prepaid?.channel === 'wechatpay'
    ? isSignedByMerchant(parameters, appId, world.payKeys().merchantPublicKey)
    : isSigned(parameters, appId, payKey);
}

function findPrepay(world: World, text: string): Prepay | undefined {
  if (!text.startsWith(PREPAY_PREFIX)) return undefined;
  return world.prepays.find(text.slice(PREPAY_PREFIX.length));
}

export interface Cashier {
  /** What the sheet of these parameters shows. */
  show(parameters: PaymentSheetParameters): { amountFen: number; goods: string } | Refused;
  /** Answers the `errMsg` of `wx.requestPayment`. */
  act(asked: CashierRequest): string;
}

export function createCashier(world: World, deliveries: Deliveries, notify: Notify): Cashier {
  const orderPayable = (order: PlatformOrder): Payable => ({
    amountFen: order.amountFen,
    goods: order.productName,
    pay(at) {
      markPaid(world, order, at);
      notify(order, 'paid', at);
      deliveries.begin(order, at);
    },
  });

  const tradePayable = (trade: Trade): Payable => ({
    amountFen: trade.amountFen,
    goods: trade.description,
    pay(at) {
      for (const transaction of takeMoney(world, trade, at)) {
        notifyPayment(world, trade, transaction, at);
      }
    },
  });

  /** What a prepayment is for, and why it can no longer be paid. */
  function behind(prepaid: Prepay): { refusal: string | undefined; payable: Payable } | undefined {
    if (prepaid.channel === 'wechatpay') {
      const trade = world.trades.find(prepaid.outTradeNo);
      return trade && { refusal: tradeRefusal(trade), payable: tradePayable(trade) };
    }
    const order = world.orders.find(prepaid.outTradeNo);
    return order && { refusal: orderRefusal(order), payable: orderPayable(order) };
  }

  function find(
    prepaid: Prepay | undefined,
    parameters: PaymentSheetParameters | undefined,
  ): Payable | Refused {
    if (parameters && !isGenuine(world, prepaid, parameters)) return { reason: FORGED };
    const found = prepaid && behind(prepaid);
    if (!found) return { reason: '支付参数 prepay_id 无效' };
    if (found.refusal !== undefined) return { reason: found.refusal };
    return prepaid.expiresAt <= world.now()
      ? { reason: '该订单已过期，请重新下单' }
      : found.payable;
  }

  return {
    show: (parameters) => find(findPrepay(world, parameters.package), parameters),
    act(asked) {
      const found = find(findPrepay(world, asked.package), parametersOf(asked));
      if ('reason' in found) return `requestPayment:fail ${found.reason}`;
      if (asked.action === 'cancel') return 'requestPayment:fail cancel';
      found.pay(world.now());
      return 'requestPayment:ok';
    },
  };
}
