import { z } from 'zod';
import { beijingDateTime, parseBeijing } from '@shared/beijing-time';
import { fen, formatYuan, parseYuan } from '@shared/money';
import { platformOrderNumber } from '../ids';
import { productsFor } from '../seed/products';
import type { PlatformOrder, Refund, SimCard } from '../state';
import { exchangeLoginCode } from '../wechat/login';
import { close, prepay, reportedAmount, tradeStateOf, unknownOrder } from '../wechat/orders';
import { askRefund, refundedFen } from '../wechat/refunds';
import type { World } from '../world';
import { defineOperation, pageOf, pageRequest, type GatewayOperation } from './operation';
import { isRefusal, refuse, type Refusal, type Reply } from './reply';

/** WeChat's shape of a merchant's order number (API v2, out_trade_no). */
const outTradeNo = z.string().regex(/^[0-9A-Za-z_\-|*]{6,32}$/);
const outRefundNo = z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/);

/** A text of a given form that also has to mean something. */
function readable<Value>(form: RegExp, read: (text: string) => Value | undefined) {
  return z
    .string()
    .regex(form)
    .transform((text, context) => {
      const value = read(text);
      if (value !== undefined) return value;
      context.addIssue('does not exist');
      return z.NEVER;
    });
}

const yuan = readable(/^\d{1,9}\.\d{2}$/, parseYuan);
const localTime = readable(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, parseBeijing);

const paymentRequest = {
  outTradeNo,
  cardNo: z.string().min(1).max(32),
  productId: z.string().min(1).max(32),
  effective: z.union([z.literal(0), z.literal(1)]),
  totalAmount: yuan,
  notifyUrl: z.url({ protocol: /^https?$/ }).max(256),
};
type PaymentRequest = z.output<z.ZodObject<typeof paymentRequest>>;

function purchaseRefusal(card: SimCard, request: PaymentRequest): Refusal | undefined {
  const product = productsFor(card).find(({ id }) => id === request.productId);
  if (!product) return refuse('NotFound', '套餐不存在或不适用于此卡');
  if (!product.effectives.includes(request.effective)) {
    return refuse('UnprocessableEntity', '套餐不支持所选生效时间');
  }
  return product.priceFen === request.totalAmount
    ? undefined
    : refuse('UnprocessableEntity', '金额与套餐价格不一致');
}

function newOrder(world: World, card: SimCard, request: PaymentRequest): PlatformOrder {
  const product = productsFor(card).find(({ id }) => id === request.productId);
  const now = world.now();
  return {
    outTradeNo: request.outTradeNo,
    orderNo: platformOrderNumber(now),
    iccid: card.iccid,
    productId: request.productId,
    productName: product?.name ?? '',
    effective: request.effective,
    amountFen: request.totalAmount,
    notifyUrl: request.notifyUrl,
    createdAt: now,
    wechat: null,
    payState: 'unpaid',
    transactionId: null,
    paidAt: null,
    deliverState: 'notBegun',
    failReason: null,
    deliveredAt: null,
  };
}

function sameContent(order: PlatformOrder, card: SimCard, request: PaymentRequest): boolean {
  return (
    order.iccid === card.iccid &&
    order.productId === request.productId &&
    order.effective === request.effective &&
    order.amountFen === request.totalAmount &&
    order.notifyUrl === request.notifyUrl
  );
}

const registered = ({ orderNo, outTradeNo, amountFen }: PlatformOrder): Reply => ({
  data: { orderNo, outTradeNo, totalAmount: formatYuan(fen(amountFen)) },
});

/** Registers an order; the same number with the same content is the same order. */
function register(world: World, request: PaymentRequest): Reply {
  const card = world.cards.find(request.cardNo.toUpperCase());
  if (!card) return refuse('NotFound', '流量卡不存在');
  const known = world.orders.find(request.outTradeNo);
  if (known) {
    return sameContent(known, card, request)
      ? registered(known)
      : refuse('INVALID_REQUEST', '商户订单号重复：订单内容不一致');
  }
  const refusal = purchaseRefusal(card, request);
  if (refusal) return refusal;
  const order = newOrder(world, card, request);
  world.orders.add(order);
  return registered(order);
}

const trade = (world: World, order: PlatformOrder) => ({
  outTradeNo: order.outTradeNo,
  tradeState: tradeStateOf(world, order),
  transactionId: order.transactionId,
  totalAmount: reportedAmount(world, order),
  openId: order.wechat?.openId ?? null,
  timeEnd: order.paidAt === null ? null : beijingDateTime(order.paidAt),
});

const deliverStates = { notBegun: 0, underWay: 1, failed: 2, done: 3 } as const;

function payStateOf(world: World, order: PlatformOrder): 0 | 1 | 2 | 3 {
  if (order.payState === 'unpaid') return 0;
  if (order.payState === 'closed') return 3;
  return refundedFen(world, order.outTradeNo, 'done') >= order.amountFen ? 2 : 1;
}

const listed = (world: World, order: PlatformOrder) => ({
  orderNo: order.orderNo,
  outTradeNo: order.outTradeNo,
  iccid: order.iccid,
  productId: order.productId,
  totalAmount: formatYuan(fen(order.amountFen)),
  payState: payStateOf(world, order),
  deliverState: deliverStates[order.deliverState],
  failReason: order.failReason,
  transactionId: order.transactionId,
  createdAt: beijingDateTime(order.createdAt),
  deliveredAt: order.deliveredAt === null ? null : beijingDateTime(order.deliveredAt),
});

const refundAnswer = ({ outRefundNo: number, amountFen, status }: Refund): Reply => ({
  data: { outRefundNo: number, refundAmount: formatYuan(fen(amountFen)), status },
});

/** 支付网关: registering orders, and WeChat Pay as the gateway passes it on. */
export function paymentOperations(world: World): GatewayOperation[] {
  const withOrder = (number: string, answer: (order: PlatformOrder) => Reply): Reply => {
    const order = world.orders.find(number);
    return order ? answer(order) : unknownOrder;
  };
  return [
    defineOperation({
      method: 'get',
      path: '/payment/v2/WechatPay/Code2Session',
      permission: 'iot.paymentservice.all',
      request: { code: z.string().min(1).max(256) },
      answer: ({ code }) => exchangeLoginCode(world, code),
    }),
    defineOperation({
      method: 'post',
      path: '/payment/Payment',
      permission: 'iot.paymentservice.all',
      muteFault: 'paymentPostTimeout',
      request: paymentRequest,
      answer: (request) => register(world, request),
    }),
    defineOperation({
      method: 'post',
      path: '/payment/v2/WechatPay/AppletPay',
      permission: 'iot.payment.wechatpay.appletpay',
      muteFault: 'appletPayTimeout',
      request: { orderNo: z.string().min(1), openId: z.string().min(1), timeExpire: localTime },
      answer: ({ orderNo, openId, timeExpire }) => {
        const order = world.ordersByPlatformNumber.find(orderNo);
        return order ? prepay(world, order, { openId, timeExpire }) : unknownOrder;
      },
    }),
    defineOperation({
      method: 'get',
      path: '/payment/v2/WechatPay/Query',
      permission: 'iot.payment.wechatpay.query',
      request: { outTradeNo: z.string().min(1) },
      answer: (request) =>
        withOrder(request.outTradeNo, (order) => ({ data: trade(world, order) })),
    }),
    defineOperation({
      method: 'post',
      path: '/payment/v2/WechatPay/Close',
      permission: 'iot.payment.wechatpay.close',
      request: { outTradeNo: z.string().min(1) },
      answer: (request) =>
        withOrder(
          request.outTradeNo,
          (order) => close(world, order) ?? { data: { outTradeNo: order.outTradeNo } },
        ),
    }),
    defineOperation({
      method: 'post',
      path: '/payment/v2/WechatPay/Refund',
      permission: 'iot.payment.wechatpay.refund',
      request: {
        outTradeNo: z.string().min(1),
        outRefundNo,
        totalAmount: yuan,
        refundAmount: yuan,
        reason: z.string().max(80),
      },
      answer: (request) =>
        withOrder(request.outTradeNo, (order) => {
          const refund = askRefund(world, order, {
            outRefundNo: request.outRefundNo,
            totalFen: request.totalAmount,
            refundFen: request.refundAmount,
          });
          return isRefusal(refund) ? refund : refundAnswer(refund);
        }),
    }),
    defineOperation({
      method: 'get',
      path: '/payment/v2/WechatPay/RefundQuery',
      permission: 'iot.payment.wechatpay.refundquery',
      request: { outRefundNo: z.string().min(1) },
      answer: (request) => {
        const refund = world.refunds.find(request.outRefundNo);
        return refund ? refundAnswer(refund) : refuse('REFUNDNOTEXIST', '退款订单不存在');
      },
    }),
    defineOperation({
      method: 'get',
      path: '/payment/Order',
      permission: 'iot.paymentservice.order.get',
      request: { outTradeNo: z.string().min(1), ...pageRequest },
      answer: ({ outTradeNo: number, ...page }) => {
        const order = world.orders.find(number);
        return { data: pageOf(order ? [listed(world, order)] : [], page) };
      },
    }),
  ];
}
