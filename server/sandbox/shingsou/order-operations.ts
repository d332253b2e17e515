import { z } from 'zod';
import { beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import type { Deliveries } from '../deliveries';
import type { PlatformOrder } from '../state';
import { refundedFen } from '../wechatpay-v2/refunds';
import { paidAmountFen } from '../wechatpay-v2/orders';
import type { Simulator } from '../simulator';
import { globalCodes } from './error-tables';
import { localTime } from './fields';
import { defineOperation, pageOf, pageRequest, type GatewayOperation } from './operation';
import { registerOrder, registrationRequest } from './registration';
import { errorReply, type Reply } from './reply';

const deliverStates = { notBegun: 0, underWay: 1, failed: 2, done: 3 } as const;

function payStateOf(simulator: Simulator, order: PlatformOrder): 0 | 1 | 2 | 3 {
  if (order.payState === 'unpaid') return 0;
  if (order.payState === 'closed') return 3;
  return refundedFen(simulator, order.outTradeNo, 'done') >= paidAmountFen(order) ? 2 : 1;
}

const describeOrder = (simulator: Simulator, order: PlatformOrder) => ({
  orderNo: order.orderNo,
  outTradeNo: order.outTradeNo,
  iccid: order.iccid,
  productId: order.productId,
  totalAmount: formatYuan(fen(order.amountFen)),
  payState: payStateOf(simulator, order),
  deliverState: deliverStates[order.deliverState],
  failReason: order.failReason,
  transactionId: order.transactionId,
  createdAt: beijingDateTime(order.createdAt),
  deliveredAt: order.deliveredAt === null ? null : beijingDateTime(order.deliveredAt),
});

const listRequest = {
  outTradeNo: z.string().min(1).optional(),
  startTime: localTime.optional(),
  endTime: localTime.optional(),
  ...pageRequest,
};
type ListRequest = z.output<z.ZodObject<typeof listRequest>>;

/** The requested orders, by number or by time of creation; undefined without either. */
function ordersOf(
  simulator: Simulator,
  request: ListRequest,
): readonly PlatformOrder[] | undefined {
  const { outTradeNo, startTime, endTime } = request;
  if (outTradeNo !== undefined) {
    const order = simulator.orders.find(outTradeNo);
    return order ? [order] : [];
  }
  if (startTime === undefined || endTime === undefined) return undefined;
  return simulator.orders.all.filter(
    ({ createdAt }) => createdAt >= startTime && createdAt < endTime,
  );
}

function list(simulator: Simulator, request: ListRequest): Reply {
  const orders = ordersOf(simulator, request);
  if (!orders) return errorReply('UnprocessableEntity', '需要 outTradeNo，或 startTime 与 endTime');
  const { total, items } = pageOf(orders, request);
  return { data: { total, items: items.map((order) => describeOrder(simulator, order)) } };
}

const sumOf = (amounts: readonly number[]) =>
  formatYuan(fen(amounts.reduce((sum, amount) => sum + amount, 0)));

/** Counts the orders that were created between two instants. */
function statistic(simulator: Simulator, startTime: number, endTime: number) {
  const orders = simulator.orders.all.filter(
    ({ createdAt }) => createdAt >= startTime && createdAt < endTime,
  );
  const paid = orders.filter(({ payState }) => payState === 'paid');
  return {
    count: orders.length,
    paidCount: paid.length,
    paidAmount: sumOf(paid.map(paidAmountFen)),
    refundedAmount: sumOf(paid.map(({ outTradeNo }) => refundedFen(simulator, outTradeNo, 'done'))),
  };
}

const codes = ['Order', 'Payment'] as const;

/** 支付网关: registering orders, listing and counting them, and the error codes of both. */
export function orderOperations(simulator: Simulator, deliveries: Deliveries): GatewayOperation[] {
  return [
    defineOperation({
      method: 'post',
      path: '/payment/Payment',
      permission: 'iot.paymentservice.all',
      unansweredFault: 'paymentPostTimeout',
      request: registrationRequest,
      handler: (request) => registerOrder(simulator, deliveries, request),
    }),
    defineOperation({
      method: 'get',
      path: '/payment/Order',
      permission: 'iot.paymentservice.order.get',
      request: listRequest,
      handler: (request) => list(simulator, request),
    }),
    defineOperation({
      method: 'get',
      path: '/payment/Order/Statistic',
      permission: 'iot.paymentservice.order.statistic',
      request: { startTime: localTime, endTime: localTime },
      handler: ({ startTime, endTime }) => ({ data: statistic(simulator, startTime, endTime) }),
    }),
    ...codes.map((subject) =>
      defineOperation({
        method: 'get',
        path: `/payment/${subject}/Codes`,
        permission: 'iot.paymentservice.all',
        request: {},
        handler: () => ({ data: globalCodes }),
      }),
    ),
  ];
}
