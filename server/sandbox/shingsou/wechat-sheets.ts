import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import { prepayNumber } from '../ids';
import { takeLoginCode } from '../wechat/login';
import { unknownOrder } from '../wechat/orders';
import { paySign } from '../wechat/signing';
import { derive, type World } from '../world';
import { localTime, outTradeNo, yuan } from './fields';
import type { GatewayTrade } from './office-state';
import { defineOperation, type CallPlace, type GatewayOperation } from './operation';
import { refuse, type Reply } from './reply';
import { cancelTrade, findTrade, openTrade, payTrade, type TradeFault } from './trades';
import { tradeRefusals } from './wechat-trades';

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
type Way = (world: World, trade: GatewayTrade, place: CallPlace) => object;

/** Somebody with WeChat, told from others by what they paid with. */
export function wechatPayer(world: World, of: string): string {
  return `o${derive(world.state.seed, `payer ${of}`).slice(0, 27)}`;
}

const seconds = (world: World) => String(Math.floor(world.now() / 1000));

const publicSheet: Way = (world) => {
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
const appSheet: Way = (world) => {
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

const wapPage: Way = (_world, { outTradeNo: number }, { origin }) => {
  const query = new URLSearchParams({ channel: 'wechatpay', outTradeNo: number }).toString();
  return { outTradeNo: number, mwebUrl: `${origin}/sandbox/shingsou/cashier?${query}` };
};

const scanCode: Way = (world, { outTradeNo: number }) => {
  const code = derive(world.state.seed, `scan ${number}`).slice(0, 7);
  return { outTradeNo: number, codeUrl: `weixin://wxpay/bizpayurl?pr=${code}` };
};

function place(world: World, kind: string, asked: Order): GatewayTrade | TradeFault {
  return openTrade(world, 'wechatpay', {
    kind,
    payer: asked.openId,
    outTradeNo: asked.outTradeNo,
    amountFen: asked.totalAmount,
    subject: asked.body,
    notifyUrl: asked.notifyUrl ?? null,
    timeExpire: asked.timeExpire ?? null,
  });
}

function wayOperation(world: World, kind: string, way: Way): GatewayOperation {
  return defineOperation({
    method: 'post',
    path: `/payment/v2/WechatPay/${kind}`,
    permission: `iot.payment.wechatpay.${kind.toLowerCase()}`,
    request: online,
    answer: (asked, at) => {
      const isKnown = world.peopleByOpenId.find(asked.openId ?? '') !== undefined;
      if (kind === 'PublicPay' && !isKnown) {
        return refuse('INVALID_REQUEST', 'appid 和 openid 不匹配');
      }
      // Package orders and other payments share one account, so one number is one payment.
      if (world.orders.find(asked.outTradeNo)) return tradeRefusals.changed;
      const trade = place(world, kind, asked);
      return typeof trade === 'string' ? tradeRefusals[trade] : { data: way(world, trade, at) };
    },
  });
}

function payByCode(world: World, asked: Order & { authCode: string }): Reply {
  if (!/^1[0-5]\d{16}$/.test(asked.authCode)) {
    return refuse('AUTH_CODE_INVALID', '授权码检验错误');
  }
  const trade = place(world, `BarcodePay ${asked.authCode}`, asked);
  if (typeof trade === 'string') return tradeRefusals[trade];
  payTrade(world, trade, wechatPayer(world, asked.authCode));
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
  if (world.orders.find(number)) return refuse('INVALID_REQUEST', '撤销仅用于条码支付的订单');
  const trade = findTrade(world, 'wechatpay', number);
  if (!trade) return unknownOrder;
  cancelTrade(world, trade);
  return { data: { outTradeNo: number, recall: 'N' } };
}

function openIdOf(world: World, code: string): Reply {
  const taken = takeLoginCode(world, code);
  if (taken === 'invalid') return refuse('INVALID_CODE', '授权凭证无效：已使用、已过期或不存在');
  if (taken === 'blocked') return refuse('CODE_BLOCKED', '高风险等级用户，登录拦截');
  return { data: { openid: taken.openId } };
}

/** 支付网关v2: ways to be paid through WeChat besides the mini-program. */
export function wechatSheets(world: World): GatewayOperation[] {
  return [
    wayOperation(world, 'PublicPay', publicSheet),
    wayOperation(world, 'AppPay', appSheet),
    wayOperation(world, 'WapPay', wapPage),
    wayOperation(world, 'ScanPay', scanCode),
    defineOperation({
      method: 'post',
      path: '/payment/v2/WechatPay/BarcodePay',
      permission: 'iot.payment.wechatpay.barcodepay',
      request: { ...order, authCode: z.string().min(1).max(128) },
      answer: (request) => payByCode(world, request),
    }),
    defineOperation({
      method: 'post',
      path: '/payment/v2/WechatPay/Cancel',
      permission: 'iot.payment.wechatpay.cancel',
      request: { outTradeNo: z.string().min(1) },
      answer: (request) => cancel(world, request.outTradeNo),
    }),
    defineOperation({
      method: 'get',
      path: '/payment/v2/WechatPay/OAuth',
      permission: 'iot.paymentservice.all',
      request: { merchantId: z.string().optional(), code: z.string().min(1).max(256) },
      answer: ({ code }) => openIdOf(world, code),
    }),
  ];
}
