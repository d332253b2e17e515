import { z } from 'zod';
import { pagedList, localTime, openId, page, reference, yuan } from './fields';
import { readOperation, certainty, idempotentWrite } from './operation';
import type { Operation } from './operation';

const trade = z.object({
  outTradeNo: reference,
  tradeState: z.enum(['NOTPAY', 'SUCCESS', 'REFUND', 'CLOSED']),
  transactionId: reference.nullable(),
  totalAmount: yuan,
  openId: openId.nullable(),
  timeEnd: localTime.nullable(),
});

const billItem = z.object({
  tradeState: z.enum(['SUCCESS', 'REFUND']),
  outTradeNo: reference,
  transactionId: reference,
  totalAmount: yuan.describe('Amount of the order'),
  outRefundNo: reference.nullable(),
  refundAmount: yuan.describe('Refunded amount; 0.00 for payments'),
  time: localTime,
});

const fundFlow = z.object({
  time: localTime,
  transactionId: reference,
  outTradeNo: reference,
  businessType: z.enum(['交易', '退款', '企业付款']),
  flow: z.enum(['收入', '支出']),
  amount: yuan,
});

const refundStatus = z.enum(['PROCESSING', 'SUCCESS', 'CLOSED', 'ABNORMAL']);
const refund = z.object({ outRefundNo: reference, refundAmount: yuan, status: refundStatus });
const billDate = z
  .string()
  .regex(/^\d{8}$/)
  .describe('YYYYMMDD');

/** Service 4, 支付网关v2: queries, closing, refunds and bills of payments through WeChat. */
export const wechatPayTrades = {
  queryPayment: {
    ...readOperation,
    id: 'wechatpay-query',
    title: '微支付 - 查询订单',
    permission: 'iot.payment.wechatpay.query',
    path: '/payment/v2/WechatPay/Query',
    request: z.object({ outTradeNo: reference }),
    answer: trade,
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  closePayment: {
    ...idempotentWrite,
    id: 'wechatpay-close',
    title: '微支付 - 关闭订单',
    permission: 'iot.payment.wechatpay.close',
    path: '/payment/v2/WechatPay/Close',
    request: z.object({ outTradeNo: reference }),
    answer: z.object({ outTradeNo: reference }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  cancelPayment: {
    ...idempotentWrite,
    id: 'wechatpay-cancel',
    title: '微支付 - 撤销订单',
    permission: 'iot.payment.wechatpay.cancel',
    path: '/payment/v2/WechatPay/Cancel',
    request: z.object({ outTradeNo: reference }),
    answer: z.object({
      outTradeNo: reference,
      recall: z.enum(['Y', 'N']).describe('Y: to be called again'),
    }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  refund: {
    // Idempotent by refund number (WeChat Pay, 申请退款).
    ...idempotentWrite,
    id: 'wechatpay-refund',
    title: '微支付 - 申请退款',
    permission: 'iot.payment.wechatpay.refund',
    path: '/payment/v2/WechatPay/Refund',
    request: z.object({
      outTradeNo: reference,
      outRefundNo: reference,
      totalAmount: yuan,
      refundAmount: yuan,
      reason: z.string(),
    }),
    answer: refund,
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  queryRefund: {
    ...readOperation,
    id: 'wechatpay-refundquery',
    title: '微支付 - 查询退款',
    permission: 'iot.payment.wechatpay.refundquery',
    path: '/payment/v2/WechatPay/RefundQuery',
    request: z.object({ outRefundNo: reference }),
    answer: refund,
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  downloadBill: {
    ...readOperation,
    id: 'wechatpay-billdownload',
    title: '微支付 - 下载对账单',
    permission: 'iot.payment.wechatpay.billdownload',
    path: '/payment/v2/WechatPay/BillDownload',
    request: z.object({ billDate, ...page }),
    answer: pagedList(billItem),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  downloadFundFlow: {
    ...readOperation,
    id: 'wechatpay-fundflowdownload',
    title: '微支付 - 下载资金账单',
    permission: 'iot.payment.wechatpay.fundflowdownload',
    path: '/payment/v2/WechatPay/FundFlowDownload',
    request: z.object({
      billDate,
      accountType: z.enum(['Basic', 'Operation', 'Fees']),
      ...page,
    }),
    answer: pagedList(fundFlow),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
} as const satisfies Record<string, Operation>;
