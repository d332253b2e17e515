import { z } from 'zod';
import { beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import type { PlatformOrder, Refund } from '../state';
import { createSession, consumeLoginCode } from '../wechat/login';
import { close, prepay, paidAmountFen, tradeStateOf, orderNotFound } from '../wechatpay-v2/orders';
import { requestRefund } from '../wechatpay-v2/refunds';
import type { Simulator } from '../simulator';
import { localTime, outRefundNo, yuan } from './fields';
import { defineOperation, type GatewayOperation } from './operation';
import type { GatewayTrade } from './back-office-state';
import { isErrorReply, errorReply, type Reply } from './reply';
import { findTrade } from './trades';
import { closeTrade, queryTradeRefund, refundTradeReply, describeTrade } from './wechat-trades';

function exchangeLoginCode(simulator: Simulator, code: string): Reply {
  const codeResult = consumeLoginCode(simulator, code);
  if (codeResult === 'invalid')
    return errorReply('INVALID_CODE', '登录凭证无效：已使用、已过期或不存在');
  if (codeResult === 'blocked') return errorReply('CODE_BLOCKED', '高风险等级用户，小程序登录拦截');
  return { data: createSession(simulator, codeResult.openId) };
}

const describeOrderTrade = (simulator: Simulator, order: PlatformOrder) => ({
  outTradeNo: order.outTradeNo,
  tradeState: tradeStateOf(simulator, order),
  transactionId: order.transactionId,
  totalAmount: formatYuan(fen(paidAmountFen(order))),
  openId: order.wechat?.openId ?? null,
  timeEnd: order.paidAt === null ? null : beijingDateTime(order.paidAt),
});

const refundReply = ({ outRefundNo: number, amountFen, status }: Refund): Reply => ({
  data: { outRefundNo: number, refundAmount: formatYuan(fen(amountFen)), status },
});

/** 支付网关: WeChat's login and WeChat Pay as the gateway passes them on. */
export function paymentOperations(simulator: Simulator): GatewayOperation[] {
  const withOrder = (
    number: string,
    handleOrder: (order: PlatformOrder) => Reply,
    handleTrade?: (describeOrderTrade: GatewayTrade) => Reply,
  ): Reply => {
    const order = simulator.orders.find(number);
    // Orders that are paid from the balance are unknown to WeChat.
    if (order) return order.paidBy === 'customer' ? handleOrder(order) : orderNotFound;
    const describeOrderTrade = handleTrade && findTrade(simulator, 'wechatpay', number);
    return describeOrderTrade ? handleTrade(describeOrderTrade) : orderNotFound;
  };
  return [
    defineOperation({
      method: 'get',
      path: '/payment/v2/WechatPay/Code2Session',
      permission: 'iot.paymentservice.all',
      request: { code: z.string().min(1).max(256) },
      handler: ({ code }) => exchangeLoginCode(simulator, code),
    }),
    defineOperation({
      method: 'post',
      path: '/payment/v2/WechatPay/AppletPay',
      permission: 'iot.payment.wechatpay.appletpay',
      unansweredFault: 'appletPayTimeout',
      request: { orderNo: z.string().min(1), openId: z.string().min(1), timeExpire: localTime },
      handler: ({ orderNo, openId, timeExpire }) => {
        const number = simulator.ordersByPlatformNumber.find(orderNo)?.outTradeNo ?? '';
        return withOrder(number, (order) => prepay(simulator, order, { openId, timeExpire }));
      },
    }),
    defineOperation({
      method: 'get',
      path: '/payment/v2/WechatPay/Query',
      permission: 'iot.payment.wechatpay.query',
      request: { outTradeNo: z.string().min(1) },
      handler: (request) =>
        withOrder(
          request.outTradeNo,
          (order) => ({ data: describeOrderTrade(simulator, order) }),
          (other) => ({ data: describeTrade(simulator, other) }),
        ),
    }),
    defineOperation({
      method: 'post',
      path: '/payment/v2/WechatPay/Close',
      permission: 'iot.payment.wechatpay.close',
      request: { outTradeNo: z.string().min(1) },
      handler: (request) =>
        withOrder(
          request.outTradeNo,
          (order) => close(simulator, order) ?? { data: { outTradeNo: order.outTradeNo } },
          (other) => closeTrade(simulator, other),
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
      handler: (request) =>
        withOrder(
          request.outTradeNo,
          (order) => {
            const refund = requestRefund(simulator, order, {
              outRefundNo: request.outRefundNo,
              totalFen: request.totalAmount,
              refundFen: request.refundAmount,
            });
            return isErrorReply(refund) ? refund : refundReply(refund);
          },
          (other) => refundTradeReply(simulator, other, request),
        ),
    }),
    defineOperation({
      method: 'get',
      path: '/payment/v2/WechatPay/RefundQuery',
      permission: 'iot.payment.wechatpay.refundquery',
      request: { outRefundNo: z.string().min(1) },
      handler: (request) => {
        const refund = simulator.refunds.find(request.outRefundNo);
        if (refund) return refundReply(refund);
        const other = queryTradeRefund(simulator, request.outRefundNo);
        return other ?? errorReply('REFUNDNOTEXIST', '退款订单不存在');
      },
    }),
  ];
}
