import { z } from 'zod';
import { beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import { derive, type Simulator } from '../simulator';
import { localTime, yuan } from './fields';
import type { GatewayTrade } from './back-office-state';
import { defineOperation, type CallContext, type GatewayOperation } from './operation';
import { errorReply, type ErrorReply, type Reply } from './reply';
import {
  cancelTrade,
  findTrade,
  findOrCreateTrade,
  payTrade,
  refundTrade,
  refundedAmountFen,
  type RefundError,
  type TradeError,
} from './trades';

/** alipay.trade.*, as the gateway is assumed to pass them on; sub codes are Alipay's own. */
const text = z.string().min(1).max(256);
const number = z.string().min(1).max(64);
const order = {
  merchantId: text.optional(),
  outTradeNo: number,
  totalAmount: yuan,
  subject: text,
  timeExpire: localTime.optional(),
};
const online = {
  ...order,
  notifyUrl: z.url({ protocol: /^https?$/ }),
  returnUrl: z.url().optional(),
};
type Order = z.output<z.ZodObject<typeof order>> & { notifyUrl?: string };

const yuanOf = (amountFen: number) => formatYuan(fen(amountFen));

const tradeErrors: Readonly<Record<TradeError, ErrorReply>> = {
  changed: errorReply('ACQ.CONTEXT_INCONSISTENT', '交易信息被篡改：与首次下单不一致'),
  paid: errorReply('ACQ.TRADE_HAS_SUCCESS', '交易已被支付'),
  closed: errorReply('ACQ.TRADE_HAS_CLOSE', '交易已经关闭'),
  expired: errorReply('UnprocessableEntity', 'timeExpire 已过'),
};

const refundErrors: Readonly<Record<RefundError, ErrorReply>> = {
  unpaid: errorReply('ACQ.TRADE_STATUS_ERROR', '交易状态不合法'),
  tooMuch: errorReply('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', '退款金额超限'),
  changed: errorReply('ACQ.DISCORDANT_REPEAT_REQUEST', '不一致的请求：退款号已用于其他退款'),
};

/** The Alipay user id of a customer. */
export function alipayBuyer(simulator: Simulator, of: string): string {
  const drawn = Number.parseInt(derive(simulator.state.seed, `alipay ${of}`).slice(0, 12), 16);
  return `2088${String(drawn).padStart(12, '0').slice(-12)}`;
}

function statusOf(simulator: Simulator, trade: GatewayTrade) {
  if (trade.state === 'unpaid') return 'WAIT_BUYER_PAY';
  if (trade.state === 'closed') return 'TRADE_CLOSED';
  return refundedAmountFen(simulator, trade) >= trade.amountFen ? 'TRADE_CLOSED' : 'TRADE_SUCCESS';
}

const describeTrade = (simulator: Simulator, trade: GatewayTrade) => ({
  outTradeNo: trade.outTradeNo,
  tradeNo: trade.tradeNo,
  tradeStatus: statusOf(simulator, trade),
  totalAmount: yuanOf(trade.amountFen),
  buyerId: trade.payer,
  payTime: trade.paidAt === null ? null : beijingDateTime(trade.paidAt),
});

function placeTrade(simulator: Simulator, kind: string, request: Order): GatewayTrade | TradeError {
  return findOrCreateTrade(simulator, 'alipay', {
    kind,
    outTradeNo: request.outTradeNo,
    amountFen: request.totalAmount,
    subject: request.subject,
    notifyUrl: request.notifyUrl ?? null,
    timeExpire: request.timeExpire ?? null,
  });
}

const cashierUrl = ({ origin }: CallContext, { outTradeNo }: GatewayTrade) =>
  `${origin}/sandbox/shingsou/cashier?${new URLSearchParams({ channel: 'alipay', outTradeNo }).toString()}`;

/** The response of a payment method. */
type PaymentMethod = (trade: GatewayTrade, context: CallContext) => object;
const paymentMethods: Readonly<Record<string, PaymentMethod>> = {
  WebPay: (trade, at) => ({ payUrl: cashierUrl(at, trade) }),
  WapPay: (trade, at) => ({ payUrl: cashierUrl(at, trade) }),
  AppPay: ({ outTradeNo, amountFen }) => ({
    orderString: new URLSearchParams({
      method: 'alipay.trade.app.pay',
      biz_content: JSON.stringify({ out_trade_no: outTradeNo, total_amount: yuanOf(amountFen) }),
    }).toString(),
  }),
  ScanPay: (trade, at) => ({ qrCode: cashierUrl(at, trade) }),
};

function paymentMethodOperation(
  simulator: Simulator,
  kind: string,
  paymentMethod: PaymentMethod,
): GatewayOperation {
  return defineOperation({
    method: 'post',
    path: `/payment/v2/Alipay/${kind}`,
    permission: `iot.payment.alipay.${kind.toLowerCase()}`,
    request: online,
    handler: (request, at) => {
      const trade = placeTrade(simulator, kind, request);
      if (typeof trade === 'string') return tradeErrors[trade];
      return { data: { outTradeNo: trade.outTradeNo, ...paymentMethod(trade, at) } };
    },
  });
}

function payByCode(simulator: Simulator, request: Order & { authCode: string }): Reply {
  if (!/^(?:2[5-9]|30)\d{14,22}$/.test(request.authCode)) {
    return errorReply('ACQ.PAYMENT_AUTH_CODE_INVALID', '支付授权码无效');
  }
  const trade = placeTrade(simulator, `BarcodePay ${request.authCode}`, request);
  if (typeof trade === 'string') return tradeErrors[trade];
  payTrade(simulator, trade, alipayBuyer(simulator, request.authCode));
  return { data: describeTrade(simulator, trade) };
}

interface RefundRequest {
  outRequestNo: string;
  refundAmount: number;
}

function refund(simulator: Simulator, trade: GatewayTrade, request: RefundRequest): Reply {
  const done = refundTrade(simulator, trade, request.outRequestNo, request.refundAmount);
  if (typeof done === 'string') return refundErrors[done];
  const { outTradeNo, tradeNo } = trade;
  const fundChange = done.isNew ? 'Y' : 'N';
  const refundFee = yuanOf(refundedAmountFen(simulator, trade));
  const { outRequestNo } = request;
  return { data: { outTradeNo, tradeNo, outRequestNo, fundChange, refundFee } };
}

function queryRefund(simulator: Simulator, trade: GatewayTrade, outRequestNo: string): Reply {
  const found = simulator.state.shingsou.tradeRefunds.find(
    (one) => one.channel === 'alipay' && one.refundNo === outRequestNo,
  );
  const isOfTrade = found?.outTradeNo === trade.outTradeNo;
  return {
    data: {
      outTradeNo: trade.outTradeNo,
      outRequestNo,
      refundStatus: isOfTrade ? 'REFUND_SUCCESS' : 'REFUND_NOT_FOUND',
      refundAmount: isOfTrade ? yuanOf(found.amountFen) : null,
      totalAmount: yuanOf(trade.amountFen),
    },
  };
}

function close(simulator: Simulator, trade: GatewayTrade): Reply {
  if (trade.state === 'paid') return refundErrors.unpaid;
  trade.state = 'closed';
  return { data: { outTradeNo: trade.outTradeNo, tradeNo: trade.tradeNo } };
}

/** 支付网关v2: payments through Alipay. */
export function alipayPayments(simulator: Simulator): GatewayOperation[] {
  const tradeRequest = { merchantId: text.optional(), outTradeNo: number };
  const withTrade = (outTradeNo: string, handler: (trade: GatewayTrade) => Reply): Reply => {
    const trade = findTrade(simulator, 'alipay', outTradeNo);
    return trade ? handler(trade) : errorReply('ACQ.TRADE_NOT_EXIST', '交易不存在');
  };
  const at = (name: string) => ({
    path: `/payment/v2/Alipay/${name}`,
    permission: `iot.payment.alipay.${name.toLowerCase()}`,
  });
  return [
    ...Object.entries(paymentMethods).map(([kind, way]) =>
      paymentMethodOperation(simulator, kind, way),
    ),
    defineOperation({
      ...at('BarcodePay'),
      method: 'post',
      request: { ...order, authCode: text },
      handler: (request) => payByCode(simulator, request),
    }),
    defineOperation({
      ...at('Query'),
      method: 'get',
      request: tradeRequest,
      handler: (request) =>
        withTrade(request.outTradeNo, (trade) => ({ data: describeTrade(simulator, trade) })),
    }),
    defineOperation({
      ...at('Refund'),
      method: 'post',
      request: {
        ...tradeRequest,
        outRequestNo: number,
        refundAmount: yuan,
        refundReason: text.optional(),
      },
      handler: (request) =>
        withTrade(request.outTradeNo, (trade) => refund(simulator, trade, request)),
    }),
    defineOperation({
      ...at('RefundQuery'),
      method: 'get',
      request: { ...tradeRequest, outRequestNo: number },
      handler: ({ outTradeNo, outRequestNo }) =>
        withTrade(outTradeNo, (trade) => queryRefund(simulator, trade, outRequestNo)),
    }),
    defineOperation({
      ...at('Cancel'),
      method: 'post',
      request: tradeRequest,
      handler: ({ outTradeNo }) =>
        withTrade(outTradeNo, (trade) => ({
          data: { outTradeNo, retryFlag: 'N', action: cancelTrade(simulator, trade) },
        })),
    }),
    defineOperation({
      ...at('Close'),
      method: 'post',
      request: tradeRequest,
      handler: ({ outTradeNo }) => withTrade(outTradeNo, (trade) => close(simulator, trade)),
    }),
  ];
}
