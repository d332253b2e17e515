import { z } from 'zod';
import { localTime, merchantId, notifyUrl, reference, shortText, yuan } from './fields';
import { readOperation, certainty, writeOperation, idempotentWrite } from './operation';
import type { Operation } from './operation';

/**
 * Service 4, 支付网关v2: payments through Alipay. The fields are those of the interfaces linked by the access document
 * (alipay.trade.page.pay, .wap.pay, .app.pay, .precreate, .pay, .query, .refund, .fastpay.refund.query, .cancel,
 * .close), ASSUMED to be in the gateway's camelCase; amounts are in yuan there too.
 */
const order = {
  merchantId,
  outTradeNo: reference,
  totalAmount: yuan,
  subject: shortText,
  timeExpire: localTime.optional().describe('YYYY-MM-DD HH:mm:ss: can be paid until then'),
};
const onlineOrder = { ...order, notifyUrl };
const returnUrl = z.url().optional().describe('Where the browser is redirected after the payment');

/** Identifies a trade by our number or by Alipay's. */
const tradeReference = { merchantId, outTradeNo: reference };

const trade = z.object({
  outTradeNo: reference,
  tradeNo: reference.nullable().describe("Alipay's number, once somebody has paid"),
  tradeStatus: z.enum(['WAIT_BUYER_PAY', 'TRADE_CLOSED', 'TRADE_SUCCESS', 'TRADE_FINISHED']),
  totalAmount: yuan,
  buyerId: reference.nullable(),
  payTime: localTime.nullable(),
});

const refund = z.object({
  outTradeNo: reference,
  tradeNo: reference,
  outRequestNo: reference,
  fundChange: z.enum(['Y', 'N']).describe('Whether this call refunded anything'),
  refundFee: yuan.describe('Refunded of this trade so far'),
});

const paymentPage = z.object({ outTradeNo: reference, payUrl: z.url().max(4096) });

export const alipayPayments = {
  alipayWebPay: {
    ...idempotentWrite,
    id: 'alipay-webpay',
    title: '支付宝 - 电脑网站支付',
    permission: 'iot.payment.alipay.webpay',
    path: '/payment/v2/Alipay/WebPay',
    request: z.object({ ...onlineOrder, returnUrl }),
    answer: paymentPage,
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  alipayWapPay: {
    ...idempotentWrite,
    id: 'alipay-wappay',
    title: '支付宝 - 手机网站支付',
    permission: 'iot.payment.alipay.wappay',
    path: '/payment/v2/Alipay/WapPay',
    request: z.object({ ...onlineOrder, returnUrl }),
    answer: paymentPage,
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  alipayAppPay: {
    ...idempotentWrite,
    id: 'alipay-apppay',
    title: '支付宝 - APP支付',
    permission: 'iot.payment.alipay.apppay',
    path: '/payment/v2/Alipay/AppPay',
    request: z.object(onlineOrder),
    answer: z.object({
      outTradeNo: reference,
      orderString: z.string().min(1).max(8192).describe("For the app's Alipay SDK"),
    }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  alipayScanPay: {
    ...idempotentWrite,
    id: 'alipay-scanpay',
    title: '支付宝 - 扫码支付',
    permission: 'iot.payment.alipay.scanpay',
    path: '/payment/v2/Alipay/ScanPay',
    request: z.object(onlineOrder),
    answer: z.object({ outTradeNo: reference, qrCode: z.url().max(1024) }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  alipayBarcodePay: {
    ...writeOperation,
    id: 'alipay-barcodepay',
    title: '支付宝 - 条码支付',
    permission: 'iot.payment.alipay.barcodepay',
    path: '/payment/v2/Alipay/BarcodePay',
    request: z.object({
      ...order,
      authCode: z
        .string()
        .regex(/^(?:2[5-9]|30)\d{14,22}$/)
        .describe("The customer's payment code: 16 to 24 digits from 25 to 30 on"),
    }),
    answer: trade,
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  alipayQuery: {
    ...readOperation,
    id: 'alipay-query',
    title: '支付宝 - 交易查询',
    permission: 'iot.payment.alipay.query',
    path: '/payment/v2/Alipay/Query',
    request: z.object(tradeReference),
    answer: trade,
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  alipayRefund: {
    // Idempotent by outRequestNo (alipay.trade.refund).
    ...idempotentWrite,
    id: 'alipay-refund',
    title: '支付宝 - 交易退款',
    permission: 'iot.payment.alipay.refund',
    path: '/payment/v2/Alipay/Refund',
    request: z.object({
      ...tradeReference,
      outRequestNo: reference.describe('Our refund number'),
      refundAmount: yuan,
      refundReason: shortText.optional(),
    }),
    answer: refund,
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  alipayRefundQuery: {
    ...readOperation,
    id: 'alipay-refundquery',
    title: '支付宝 - 退款查询',
    permission: 'iot.payment.alipay.refundquery',
    path: '/payment/v2/Alipay/RefundQuery',
    request: z.object({ ...tradeReference, outRequestNo: reference }),
    answer: z.object({
      outTradeNo: reference,
      outRequestNo: reference,
      refundStatus: z
        .enum(['REFUND_SUCCESS', 'REFUND_NOT_FOUND'])
        .describe('Alipay answers an empty refund if there is none'),
      refundAmount: yuan.nullable(),
      totalAmount: yuan,
    }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  alipayCancel: {
    ...idempotentWrite,
    id: 'alipay-cancel',
    title: '支付宝 - 交易撤销',
    permission: 'iot.payment.alipay.cancel',
    path: '/payment/v2/Alipay/Cancel',
    request: z.object(tradeReference),
    answer: z.object({
      outTradeNo: reference,
      retryFlag: z.enum(['Y', 'N']),
      action: z.enum(['close', 'refund']).nullable().describe('What was done; null: nothing'),
    }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  alipayClose: {
    ...idempotentWrite,
    id: 'alipay-close',
    title: '支付宝 - 交易关闭',
    permission: 'iot.payment.alipay.close',
    path: '/payment/v2/Alipay/Close',
    request: z.object(tradeReference),
    answer: z.object({ outTradeNo: reference, tradeNo: reference.nullable() }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
} as const satisfies Record<string, Operation>;
