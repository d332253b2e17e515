import { z } from 'zod';
import { localTime, merchantId, notifyUrl, openId, reference, shortText, yuan } from './fields';
import { readOperation, certainty, writeOperation, idempotentWrite } from './operation';
import type { Operation } from './operation';

/**
 * Service 4, 支付网关v2: payments and sign-in with WeChat. The fields are those of the API v2 pages linked by the access
 * document (公众号, APP, 小程序, H5, 扫码 and 付款码支付), ASSUMED to be in the gateway's camelCase
 * with amounts in yuan.
 */
const order = {
  merchantId,
  outTradeNo: reference,
  totalAmount: yuan,
  body: shortText.describe('Shown to the customer'),
};
const onlineOrder = {
  ...order,
  notifyUrl,
  timeExpire: localTime.optional().describe('YYYY-MM-DD HH:mm:ss: can be paid until then'),
};

const nonceStr = z.string().regex(/^[0-9A-Za-z]{1,32}$/);
const timeStamp = z.string().regex(/^\d{10}$/);
const signature = z.string().regex(/^[0-9A-F]{32}(?:[0-9A-F]{32})?$/);

/** The parameters of the payment sheet, in the formats of the v2 signature (调起支付API). */
const paymentRequest = z.object({
  appId: reference,
  timeStamp,
  nonceStr,
  package: z.string().regex(/^prepay_id=[\x21-\x7e]{1,120}$/),
  signType: z.enum(['MD5', 'HMAC-SHA256']),
  paySign: signature,
});

export const wechatPayPayments = {
  publicPay: {
    ...idempotentWrite,
    id: 'wechatpay-publicpay',
    title: '微支付 - 公众号支付',
    permission: 'iot.payment.wechatpay.publicpay',
    path: '/payment/v2/WechatPay/PublicPay',
    request: z.object({ ...onlineOrder, openId }),
    answer: paymentRequest,
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  appPay: {
    ...idempotentWrite,
    id: 'wechatpay-apppay',
    title: '微支付 - APP支付',
    permission: 'iot.payment.wechatpay.apppay',
    path: '/payment/v2/WechatPay/AppPay',
    request: z.object(onlineOrder),
    answer: z.object({
      appId: reference,
      partnerId: reference,
      prepayId: reference,
      package: z.literal('Sign=WXPay'),
      nonceStr,
      timeStamp,
      sign: signature,
    }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  appletPay: {
    ...idempotentWrite,
    id: 'wechatpay-appletpay',
    title: '微支付 - 小程序支付',
    permission: 'iot.payment.wechatpay.appletpay',
    path: '/payment/v2/WechatPay/AppletPay',
    request: z.object({
      orderNo: reference.describe('The number 旭宇 assigned'),
      openId,
      timeExpire: localTime.describe('When the order can no longer be paid'),
    }),
    answer: paymentRequest,
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  wapPay: {
    ...idempotentWrite,
    id: 'wechatpay-wappay',
    title: '微支付 - H5支付',
    permission: 'iot.payment.wechatpay.wappay',
    path: '/payment/v2/WechatPay/WapPay',
    request: z.object(onlineOrder),
    answer: z.object({ outTradeNo: reference, mwebUrl: z.url().max(1024) }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  scanPay: {
    ...idempotentWrite,
    id: 'wechatpay-scanpay',
    title: '微支付 - 扫码支付',
    permission: 'iot.payment.wechatpay.scanpay',
    path: '/payment/v2/WechatPay/ScanPay',
    request: z.object(onlineOrder),
    answer: z.object({
      outTradeNo: reference,
      codeUrl: z.string().regex(/^weixin:\/\/[\x21-\x7e]{1,120}$/),
    }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  barcodePay: {
    ...writeOperation,
    id: 'wechatpay-barcodepay',
    title: '微支付 - 条码支付',
    permission: 'iot.payment.wechatpay.barcodepay',
    path: '/payment/v2/WechatPay/BarcodePay',
    request: z.object({
      ...order,
      authCode: z
        .string()
        .regex(/^1[0-5]\d{16}$/)
        .describe("The customer's payment code: 18 digits from 10 to 15 on"),
    }),
    answer: z.object({
      outTradeNo: reference,
      transactionId: reference,
      totalAmount: yuan,
      timeEnd: localTime,
    }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  publicOpenId: {
    ...readOperation,
    // A code can be used once.
    idempotent: false,
    id: 'wechatpay-oauth',
    title: '微支付 - 获取OpenId',
    permission: 'iot.paymentservice.all',
    path: '/payment/v2/WechatPay/OAuth',
    request: z.object({ merchantId, code: z.string().min(1).max(256) }),
    answer: z.object({ openid: openId }),
    certainty: certainty('ASSUMED', 'ASSUMED'),
  },
  code2session: {
    ...readOperation,
    idempotent: false,
    id: 'wechatpay-code2session',
    title: '小程序登录',
    permission: 'iot.paymentservice.all',
    path: '/payment/v2/WechatPay/Code2Session',
    request: z.object({ code: z.string().min(1).max(256) }),
    answer: z.object({ openid: openId, session_key: z.string(), unionid: openId.nullish() }),
    certainty: certainty('ASSUMED', 'ASSUMED'),
  },
} as const satisfies Record<string, Operation>;
