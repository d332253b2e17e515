import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import { prepayNumber } from '../ids';
import { consumeLoginCode } from '../wechat/login';
import { orderNotFound } from '../wechat/orders';
import { paySign } from '../wechat/signing';
import { derive, type World } from '../world';
import { localTime, outTradeNo, yuan } from './fields';
import type { GatewayTrade } from './office-state';
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
  /** Of 公众号支付 alone. */
  openId: z.string().min(1).optional(),
};
type Order = z.output<z.ZodObject<typeof order>> & {
  notifyUrl?: string;
  timeExpire?: number | undefined;
  openId?: string | undefined;
};

/** What a way of paying answers. */
type PaymentMethod = (world: World, trade: GatewayTrade, placeTrade: CallContext) => object;

/** Somebody with WeChat, told from others by what they paid with. */
export function wechatPayer(world: World, of: string): string {
  return `o${derive(world.state.seed, `payer ${of}`).slice(0, 27)}`;
}

const seconds = (world: World) => String(Math.floor(world.now() / 1000));

const publicAccountPayment: PaymentMethod = (world) => {
  const { appId, payKey } = world.credentials;
  const fields = {
    appId,
    timeStamp: seconds(world),
    nonceStr: randomBytes(16).toString('hex'),
    package: `prepay_id=${prepayNumber(world.now())}`,
    signType: 'MD5',
  };
  return { ...fields, paySign: paySign(fields, payKey) };
};

/** APP支付, 调起支付接口: names in lower case, in order, the key behind them, MD5 in upper case. */
const appPayment: PaymentMethod = (world) => {
  const { appId, mchId, payKey } = world.credentials;
  const prepayId = prepayNumber(world.now());
  const [timeStamp, nonceStr] = [seconds(world), randomBytes(16).toString('hex')];
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

const qrCodePayment: PaymentMethod = (world, { outTradeNo: number }) => {
  const code = derive(world.state.seed, `scan ${number}`).slice(0, 7);
  return { outTradeNo: number, codeUrl: `weixin://wxpay/bizpayurl?pr=${code}` };
};

function placeTrade(world: World, kind: string, request: Order): GatewayTrade | TradeError {
  return findOrCreateTrade(world, 'wechatpay', {
    kind,
    payer: request.openId,
    outTradeNo: request.outTradeNo,
    amountFen: request.totalAmount,
    subject: request.body,
    notifyUrl: request.notifyUrl ?? null,
    timeExpire: request.timeExpire ?? null,
  });
}

function paymentMethodOperation(world: World, kind: string, paymentMethod: PaymentMethod): GatewayOperation {
  return defineOperation({
    method: 'post',
    path: `/payment/v2/WechatPay/${kind}`,
    permission: `iot.payment.wechatpay.${kind.toLowerCase()}`,
    request: online,
    handler: (request, at) => {
      const isKnown = world.peopleByOpenId.find(request.openId ?? '') !== undefined;
      if (kind === 'PublicPay' && !isKnown) {
        return errorReply('INVALID_REQUEST', 'appid 和 openid 不匹配');
      }
      // Package orders and other payments share one account, so one number is one payment.
      if (world.orders.find(request.outTradeNo)) return tradeErrors.changed;
      const trade = placeTrade(world, kind, request);
      return typeof trade === 'string' ? tradeErrors[trade] : { data: paymentMethod(world, trade, at) };
    },
  });
}

function payByCode(world: World, request: Order & { authCode: string }): Reply {
  if (!/^1[0-5]\d{16}$/.test(request.authCode)) {
    return errorReply('AUTH_CODE_INVALID', '授权码检验错误');
  }
  const trade = placeTrade(world, `BarcodePay ${request.authCode}`, request);
  if (typeof trade === 'string') return tradeErrors[trade];
  payTrade(world, trade, wechatPayer(world, request.authCode));
  return {
    data: {
      outTradeNo: trade.outTradeNo,
      transactionId: trade.tradeNo,
      totalAmount: formatYuan(fen(trade.amountFen)),
      timeEnd: beijingDateTime(trade.paidAt ?? world.now()),
    },
  };
}

function cancel(world: World, number: string): Reply {
  if (world.orders.find(number)) return errorReply('INVALID_REQUEST', '撤销仅用于条码支付的订单');
  const trade = findTrade(world, 'wechatpay', number);
  if (!trade) return orderNotFound;
  cancelTrade(world, trade);
  return { data: { outTradeNo: number, recall: 'N' } };
}

function exchangeOAuthCode(world: World, code: string): Reply {
  const codeResult = consumeLoginCode(world, code);
  if (codeResult === 'invalid') return errorReply('INVALID_CODE', '授权凭证无效：已使用、已过期或不存在');
  if (codeResult === 'blocked') return errorReply('CODE_BLOCKED', '高风险等级用户，登录拦截');
  return { data: { openid: codeResult.openId } };
}

/** 支付网关v2: ways to be paid through WeChat besides the mini-program. */
export function wechatPaymentMethods(world: World): GatewayOperation[] {
  return [
    paymentMethodOperation(world, 'PublicPay', publicAccountPayment),
    paymentMethodOperation(world, 'AppPay', appPayment),
    paymentMethodOperation(world, 'WapPay', wapPayment),
    paymentMethodOperation(world, 'ScanPay', qrCodePayment),
    defineOperation({
      method: 'post',
      path: '/payment/v2/WechatPay/BarcodePay',
      permission: 'iot.payment.wechatpay.barcodepay',
      request: { ...order, authCode: z.string().min(1).max(128) },
      handler: (request) => payByCode(world, request),
    }),
    defineOperation({
      method: 'post',
      path: '/payment/v2/WechatPay/Cancel',
      permission: 'iot.payment.wechatpay.cancel',
      request: { outTradeNo: z.string().min(1) },
      handler: (request) => cancel(world, request.outTradeNo),
    }),
    defineOperation({
      method: 'get',
      path: '/payment/v2/WechatPay/OAuth',
      permission: 'iot.paymentservice.all',
      request: { merchantId: z.string().optional(), code: z.string().min(1).max(256) },
      handler: ({ code }) => exchangeOAuthCode(world, code),
    }),
  ];
}
