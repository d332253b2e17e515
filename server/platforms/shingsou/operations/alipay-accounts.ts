import { z } from 'zod';
import {
  pagedList,
  localDate,
  localTime,
  merchantId,
  page,
  reference,
  shortText,
  yuan,
} from './fields';
import { readOperation, certainty, writeOperation, idempotentWrite } from './operation';
import type { Operation } from './operation';

/** A merchant's Alipay account at the gateway. The key is write-only. */
const account = {
  name: shortText,
  appId: z
    .string()
    .regex(/^\d{16}$/)
    .describe("The application's id with Alipay"),
  privateKey: z
    .string()
    .min(1)
    .max(8192)
    .describe("The application's private key")
    .meta({ sensitive: true }),
};
const registeredAccount = z.object({
  id: reference,
  name: shortText,
  appId: reference,
  createdAt: localTime,
});

const billItem = z.object({
  businessType: z.enum(['TRADE', 'REFUND']),
  tradeNo: reference,
  outTradeNo: reference,
  totalAmount: yuan.describe('Amount of the trade'),
  outRequestNo: reference.nullable(),
  refundAmount: yuan.describe('Refunded amount; 0.00 for trades'),
  time: localTime,
});

/**
 * Service 4, 支付网关v2: a merchant's transfers, bills and accounts with Alipay. Transfers are
 * alipay.fund.trans.toaccount.transfer and .order.query, the bill alipay.data.dataservice.bill.downloadurl.query
 * of the documents linked by the access document. ASSUMED: the gateway parses the bill itself.
 */
export const alipayAccounts = {
  alipayTransfer: {
    // The same outBizNo with the same content pays once (alipay.fund.trans.toaccount.transfer).
    ...idempotentWrite,
    id: 'alipay-transfer',
    title: '支付宝 - 单笔转账',
    permission: 'iot.payment.alipay.transfer',
    path: '/payment/v2/Alipay/Transfer',
    request: z.object({
      merchantId,
      outBizNo: reference.describe('Our transfer number'),
      payeeType: z.enum(['ALIPAY_LOGONID', 'ALIPAY_USERID']),
      payeeAccount: reference.meta({ sensitive: true }),
      payeeRealName: shortText.optional().meta({ sensitive: true }),
      amount: yuan.describe('Yuan, at least 0.10'),
      remark: shortText.optional(),
    }),
    answer: z.object({ outBizNo: reference, orderId: reference, payDate: localTime }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  alipayTransferQuery: {
    ...readOperation,
    id: 'alipay-transferquery',
    title: '支付宝 - 转账查询',
    permission: 'iot.payment.alipay.transferquery',
    path: '/payment/v2/Alipay/TransferQuery',
    request: z.object({ merchantId, outBizNo: reference }),
    answer: z.object({
      outBizNo: reference,
      orderId: reference,
      status: z.enum(['SUCCESS', 'FAIL', 'INIT', 'DEALING', 'REFUND', 'UNKNOWN']),
      amount: yuan,
      payDate: localTime.nullable(),
      failReason: shortText.nullable(),
    }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  alipayBill: {
    ...readOperation,
    id: 'alipay-billdownload',
    title: '支付宝 - 下载对账单',
    permission: 'iot.payment.alipay.billdownload',
    path: '/payment/v2/Alipay/BillDownload',
    request: z.object({ merchantId, billDate: localDate, ...page }),
    answer: pagedList(billItem),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  alipayMerchants: {
    ...readOperation,
    id: 'alipay-merchants',
    title: '支付宝 - 商户列表',
    permission: 'iot.payment.alipay.merchants',
    path: '/payment/v2/Alipay/Merchants',
    request: z.object({}),
    answer: z.array(registeredAccount),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  alipayUpdateMerchant: {
    ...idempotentWrite,
    method: 'PUT',
    id: 'alipay-putmerchant',
    title: '支付宝 - 更新商户',
    permission: 'iot.payment.alipay.putmerchant',
    path: '/payment/v2/Alipay/Merchant',
    request: z.object({ id: reference, ...z.object(account).partial().shape }),
    answer: registeredAccount,
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  alipayAddMerchant: {
    ...writeOperation,
    id: 'alipay-postmerchant',
    title: '支付宝 - 添加商户',
    permission: 'iot.payment.alipay.postmerchant',
    path: '/payment/v2/Alipay/Merchant',
    request: z.object(account),
    answer: registeredAccount,
    certainty: certainty('FOUND', 'ASSUMED'),
  },
  alipayDeleteMerchant: {
    ...writeOperation,
    method: 'DELETE',
    id: 'alipay-deletemerchant',
    title: '支付宝 - 删除商户',
    permission: 'iot.payment.alipay.deletemerchant',
    path: '/payment/v2/Alipay/Merchant',
    request: z.object({ id: reference }),
    answer: z.object({ id: reference }),
    certainty: certainty('FOUND', 'ASSUMED'),
  },
} as const satisfies Record<string, Operation>;
