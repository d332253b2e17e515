import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import { prepayNumber } from '../ids';
import { consumeLoginCode } from '../wechat/login';
import { orderNotFound } from '../wechatpay-v2/orders';
import { paySign } from '../wechatpay-v2/signing';
import { derive, type Simulator } from '../simulator';
import { localTime, outTradeNo, yuan } from './fields';
import type { GatewayTrade } from './back-office-state';
import { defineOperation, type CallContext, type GatewayOperation } from './operation';
import { errorReply, type Reply } from './reply';
import { cancelTrade, findTrade, findOrCreateTrade, payTrade, type TradeError } from './trades';
import { tradeErrors } from './wechat-trades';

const order = {
  merchantId: z.string().optional(),
  outTradeNo,
  totalAmount: yuan,
  body: z.string().min(1).max(127),
};
const online = {
  ...order,
  notifyUrl: z.url({ protocol: /^https?$/ }).max(256),
  timeExpire: localTime.optional(),
  /** Only with 公众号支付. */
  openId: z.string().min(1).optional(),
};
type Order = z.output<z.ZodObject<typeof order>> & {
  notifyUrl?: string;
  timeExpire?: number | undefined;
  openId?: string | undefined;
};

/** The response of a payment method. */
type PaymentMethod = (simulator: Simulator, trade: GatewayTrade, context: CallContext) => object;

/** The openid of a payer, derived from what they paid with. */
export function wechatPayer(simulator: Simulator, of: string): string {
  return `o${derive(simulator.state.seed, `payer ${of}`).slice(0, 27)}`;
}

const seconds = (simulator: Simulator) => String(Math.floor(simulator.now() / 1000));

const publicAccountPayment: PaymentMethod = (simulator) => {
  const { appId, payKey } = simulator.credentials;
  const fields = {
    appId,
    timeStamp: seconds(simulator),
    nonceStr: randomBytes(16).toString('hex'),
    package: `prepay_id=${prepayNumber(simulator.now())}`,
    signType: 'MD5',
  };
  return { ...fields, paySign: paySign(fields, payKey) };
};

/** APP支付, 调起支付接口: names in lower case, in order, the key behind them, MD5 in upper case. */
const appPayment: PaymentMethod = (simulator) => {
  const { appId, mchId, payKey } = simulator.credentials;
  const prepayId = prepayNumber(simulator.now());
  const [timeStamp, nonceStr] = [seconds(simulator), randomBytes(16).toString('hex')];
  const text =
    `appid=${appId}&noncestr=${nonceStr}&package=Sign=WXPay&partnerid=${mchId}` +
    `&prepayid=${prepayId}&timestamp=${timeStamp}&key=${payKey}`;
  const sign = createHash('md5').update(text).digest('hex').toUpperCase();
  const partnerId = mchId;
  return { appId, partnerId, prepayId, package: 'Sign=WXPay', nonceStr, timeStamp, sign };
};

const wapPayment: PaymentMethod = (_world, { outTradeNo: number }, { origin }) => {
  const query = new URLSearchParams({ channel: 'wechatpay', outTradeNo: number }).toString();
  return { outTradeNo: number, mwebUrl: `${origin}/sandbox/shingsou/cashier?${query}` };
};

const qrCodePayment: PaymentMethod = (simulator, { outTradeNo: number }) => {
  const code = derive(simulator.state.seed, `scan ${number}`).slice(0, 7);
  return { outTradeNo: number, codeUrl: `weixin://wxpay/bizpayurl?pr=${code}` };
};

function placeTrade(simulator: Simulator, kind: string, request: Order): GatewayTrade | TradeError {
  return findOrCreateTrade(simulator, 'wechatpay', {
    kind,
    payer: request.openId,
    outTradeNo: request.outTradeNo,
    amountFen: request.totalAmount,
    subject: request.body,
    notifyUrl: request.notifyUrl ?? null,
    timeExpire: request.timeExpire ?? null,
  });
}

function paymentMethodOperation(
  simulator: Simulator,
  kind: string,
  paymentMethod: PaymentMethod,
): GatewayOperation {
  return defineOperation({
    method: 'post',
    path: `/payment/v2/WechatPay/${kind}`,
    permission: `iot.payment.wechatpay.${kind.toLowerCase()}`,
    request: online,
    handler: (request, at) => {
      const isKnown = simulator.peopleByOpenId.find(request.openId ?? '') !== undefined;
      if (kind === 'PublicPay' && !isKnown) {
        return errorReply('INVALID_REQUEST', 'appid 和 openid 不匹配');
      }
      // Package orders and other payments share one account, so one number is one payment.
      if (simulator.orders.find(request.outTradeNo)) return tradeErrors.changed;
      const trade = placeTrade(simulator, kind, request);
      return typeof trade === 'string'
        ? tradeErrors[trade]
        : { data: paymentMethod(simulator, trade, at) };
    },
  });
}

function payByCode(simulator: Simulator, request: Order & { authCode: string }): Reply {
  if (!/^1[0-5]\d{16}$/.test(request.authCode)) {
    return errorReply('AUTH_CODE_INVALID', '授权码检验错误');
  }
  const trade = placeTrade(simulator, `BarcodePay ${request.authCode}`, request);
  if (typeof trade === 'string') return tradeErrors[trade];
  payTrade(simulator, trade, wechatPayer(simulator, request.authCode));
  return {
    data: {
      outTradeNo: trade.outTradeNo,
      transactionId: trade.tradeNo,
      totalAmount: formatYuan(fen(trade.amountFen)),
      timeEnd: beijingDateTime(trade.paidAt ?? simulator.now()),
    },
  };
}

function cancel(simulator: Simulator, number: string): Reply {
  if (simulator.orders.find(number))
    return errorReply('INVALID_REQUEST', '撤销仅用于条码支付的订单');
  const trade = findTrade(simulator, 'wechatpay', number);
  if (!trade) return orderNotFound;
  cancelTrade(simulator, trade);
  return { data: { outTradeNo: number, recall: 'N' } };
}

function exchangeOAuthCode(simulator: Simulator, code: string): Reply {
  const codeResult = consumeLoginCode(simulator, code);
  if (codeResult === 'invalid')
    return errorReply('INVALID_CODE', '授权凭证无效：已使用、已过期或不存在');
  if (codeResult === 'blocked') return errorReply('CODE_BLOCKED', '高风险等级用户，登录拦截');
  return { data: { openid: codeResult.openId } };
}

/** 支付网关v2: payment methods of WeChat besides the mini-program. */
export function wechatPaymentMethods(simulator: Simulator): GatewayOperation[] {
  return [
    paymentMethodOperation(simulator, 'PublicPay', publicAccountPayment),
    paymentMethodOperation(simulator, 'AppPay', appPayment),
    paymentMethodOperation(simulator, 'WapPay', wapPayment),
    paymentMethodOperation(simulator, 'ScanPay', qrCodePayment),
    defineOperation({
      method: 'post',
      path: '/payment/v2/WechatPay/BarcodePay',
      permission: 'iot.payment.wechatpay.barcodepay',
      request: { ...order, authCode: z.string().min(1).max(128) },
      handler: (request) => payByCode(simulator, request),
    }),
    defineOperation({
      method: 'post',
      path: '/payment/v2/WechatPay/Cancel',
      permission: 'iot.payment.wechatpay.cancel',
      request: { outTradeNo: z.string().min(1) },
      handler: (request) => cancel(simulator, request.outTradeNo),
    }),
    defineOperation({
      method: 'get',
      path: '/payment/v2/WechatPay/OAuth',
      permission: 'iot.paymentservice.all',
      request: { merchantId: z.string().optional(), code: z.string().min(1).max(256) },
      handler: ({ code }) => exchangeOAuthCode(simulator, code),
    }),
  ];
}
