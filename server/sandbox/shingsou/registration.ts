import { z } from 'zod';
import { fen, formatYuan } from '@shared/money';
import type { Deliveries } from '../deliveries';
import { platformOrderNumber } from '../ids';
import { productsFor } from '../seed/products';
import type { PlatformOrder, SimCard } from '../state';
import type { Simulator } from '../simulator';
import { outTradeNo, yuan } from './fields';
import { errorReply, type ErrorReply, type Reply } from './reply';

/** Payment-Post. `payType` is our assumption: no public document describes its fields. */
export const registrationRequest = {
  outTradeNo,
  cardNo: z.string().min(1).max(32),
  productId: z.string().min(1).max(32),
  effective: z.union([z.literal(0), z.literal(1)]),
  totalAmount: yuan,
  notifyUrl: z.url({ protocol: /^https?$/ }).max(256),
  /** 0 the customer pays through WeChat, 1 it is paid from the merchant's prepaid balance. */
  payType: z.union([z.literal(0), z.literal(1)]).default(0),
};
type RegistrationRequest = z.output<z.ZodObject<typeof registrationRequest>>;

const payers = ['customer', 'balance'] as const;

function purchaseError(
  simulator: Simulator,
  card: SimCard,
  request: RegistrationRequest,
): ErrorReply | undefined {
  const product = productsFor(card).find(({ id }) => id === request.productId);
  if (!product) return errorReply('NotFound', '套餐不存在或不适用于此卡');
  if (!product.effectives.includes(request.effective)) {
    return errorReply('UnprocessableEntity', '套餐不支持所选生效时间');
  }
  if (product.priceFen !== request.totalAmount) {
    return errorReply('UnprocessableEntity', '金额与套餐价格不一致');
  }
  return request.payType === 1 && simulator.state.faults.agentBalanceShort
    ? errorReply('NOTENOUGH', '预存余额不足，请充值后重新下单')
    : undefined;
}

function newOrder(
  simulator: Simulator,
  card: SimCard,
  request: RegistrationRequest,
): PlatformOrder {
  const product = productsFor(card).find(({ id }) => id === request.productId);
  const now = simulator.now();
  return {
    outTradeNo: request.outTradeNo,
    orderNo: platformOrderNumber(now),
    iccid: card.iccid,
    productId: request.productId,
    productName: product?.name ?? '',
    effective: request.effective,
    amountFen: request.totalAmount,
    paidBy: payers[request.payType],
    takenFen: null,
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

function isSameOrder(order: PlatformOrder, card: SimCard, request: RegistrationRequest): boolean {
  return (
    order.iccid === card.iccid &&
    order.productId === request.productId &&
    order.effective === request.effective &&
    order.amountFen === request.totalAmount &&
    order.paidBy === payers[request.payType] &&
    order.notifyUrl === request.notifyUrl
  );
}

const registrationReply = ({ orderNo, outTradeNo: number, amountFen }: PlatformOrder): Reply => ({
  data: { orderNo, outTradeNo: number, totalAmount: formatYuan(fen(amountFen)) },
});

/**
 * Registers an order; the same number with the same content is the same order. An order that is paid from
 * the balance is delivered at once.
 */
export function registerOrder(
  simulator: Simulator,
  deliveries: Deliveries,
  request: RegistrationRequest,
): Reply {
  const card = simulator.cards.find(request.cardNo.toUpperCase());
  if (!card) return errorReply('NotFound', '流量卡不存在');
  const known = simulator.orders.find(request.outTradeNo);
  if (known) {
    return isSameOrder(known, card, request)
      ? registrationReply(known)
      : errorReply('INVALID_REQUEST', '商户订单号重复：订单内容不一致');
  }
  const error = purchaseError(simulator, card, request);
  if (error) return error;
  const order = newOrder(simulator, card, request);
  simulator.orders.add(order);
  if (order.paidBy === 'balance') {
    order.payState = 'paid';
    order.paidAt = order.createdAt;
    deliveries.start(order, order.createdAt);
  }
  return registrationReply(order);
}
