import { z } from 'zod';
import { decimalText, megabytesOrNull, nameText } from '../../answer-fields';
import { elementsOf } from '../../elements';
import {
  timeRange,
  cardNo,
  count,
  errorCodes,
  pagedList,
  localTime,
  page,
  reference,
  yuan,
} from './fields';
import { readOperation, certainty, idempotentWrite } from './operation';
import type { Operation } from './operation';

const product = z.object({
  id: reference,
  categoryId: reference,
  name: nameText,
  price: decimalText.describe('Yuan with two decimals'),
  volume: nameText.nullish().catch(null).describe('Label, such as 2GB'),
  volumeMb: megabytesOrNull,
  type: z.int().describe('1 basic, 2 add-on, 3 across months, 4 bonus'),
  months: z.int().min(1).max(120).describe('Duration in calendar months'),
  effectives: z.array(z.int()).describe('0 now, 1 from next month'),
});

const paymentRequest = z.object({
  orderNo: reference.describe('The number 旭宇 assigns'),
  outTradeNo: reference.describe('Our order number'),
  totalAmount: yuan,
});

const platformOrder = z.object({
  orderNo: reference,
  outTradeNo: reference,
  iccid: z.string().max(32),
  productId: reference,
  totalAmount: yuan,
  payState: z.int().describe('0 unpaid, 1 paid, 2 refunded, 3 closed'),
  deliverState: z.int().describe('0 not started, 1 in progress, 2 failed, 3 done'),
  failReason: nameText.nullable().catch(null),
  transactionId: reference.nullable(),
  createdAt: localTime,
  deliveredAt: localTime.nullable(),
});

/** Service 3, 支付网关: orders, the payment request, and the packages on sale (充值套餐). */
export const orderOperations = {
  orders: {
    ...readOperation,
    id: 'order-get',
    title: '订单 - 列表',
    permission: 'iot.paymentservice.order.get',
    path: '/payment/Order',
    request: z.object({
      outTradeNo: reference.optional(),
      startTime: localTime
        .optional()
        .describe('With endTime instead of a number: created at or after'),
      endTime: localTime.optional().describe('Created before'),
      ...page,
    }),
    answer: pagedList(platformOrder),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  orderStatistic: {
    ...readOperation,
    id: 'order-statistic',
    title: '订单 - 统计',
    permission: 'iot.paymentservice.order.statistic',
    path: '/payment/Order/Statistic',
    request: z.object(timeRange),
    answer: z.object({
      count: count.describe('Orders created'),
      paidCount: count,
      paidAmount: yuan,
      refundedAmount: yuan,
    }),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  orderCodes: {
    ...readOperation,
    id: 'order-codes',
    title: '订单 - 错误码表',
    permission: 'iot.paymentservice.all',
    path: '/payment/Order/Codes',
    request: z.object({}),
    answer: errorCodes,
    certainty: certainty('ASSUMED', 'INFERRED'),
  },
  paymentCodes: {
    ...readOperation,
    id: 'payment-codes',
    title: '支付网关 - 错误码表',
    permission: 'iot.paymentservice.all',
    path: '/payment/Payment/Codes',
    request: z.object({}),
    answer: errorCodes,
    certainty: certainty('ASSUMED', 'INFERRED'),
  },
  createPayment: {
    // ASSUMED: the same number with the same content returns the same order; with other content it is refused.
    ...idempotentWrite,
    id: 'payment-post',
    title: '创建支付请求',
    permission: 'iot.paymentservice.all',
    path: '/payment/Payment',
    request: z.object({
      outTradeNo: reference,
      cardNo,
      productId: reference,
      effective: z.int().describe('0 now, 1 from next month'),
      totalAmount: yuan,
      notifyUrl: z.url(),
      payType: z
        .int()
        .optional()
        .describe(
          "ASSUMED: if missing, the customer pays; 1: paid from the shop's prepaid balance with 旭宇 and delivered now",
        ),
    }),
    answer: paymentRequest,
    certainty: certainty('ASSUMED', 'INFERRED'),
  },
  products: {
    ...readOperation,
    id: 'product-get',
    title: '充值套餐 - 列表',
    permission: 'iot.paymentservice.all',
    path: '/payment/Product',
    request: z.object({ cardNo }),
    answer: elementsOf(product, 'id'),
    certainty: certainty('ASSUMED', 'INFERRED'),
  },
  productCategories: {
    ...readOperation,
    id: 'product-categories',
    title: '充值套餐 - 分类',
    permission: 'iot.paymentservice.all',
    path: '/payment/Product/Categories',
    request: z.object({ cardNo }),
    answer: elementsOf(z.object({ id: reference, name: nameText }), 'id'),
    certainty: certainty('ASSUMED', 'FOUND'),
  },
} as const satisfies Record<string, Operation>;
