import { randomInt } from 'node:crypto';
import { beijingDate, beijingDateTime } from '@shared/beijing-time';
import { endOfBillingMonth, startOfBillingMonth } from '@shared/billing-month';
import { fen, formatYuan } from '@shared/money';
import { settlementDayOf } from '../seed/numbers';
import { queueCallback } from './callbacks';
import { reactivateCard } from './card-states';
import type { DakashiSimulator } from './simulator';
import { findProduct, type AgentProduct } from './products';
import type { AgentCard, HeldProduct, RechargeOrder } from './state';

const SECOND_MS = 1000;

/** 24 digits of time and random, like the document's examples. */
function newOrderNumber(at: number): string {
  return `${beijingDateTime(at).replace(/\D/g, '')}${String(randomInt(1e9, 1e10))}`;
}

/** When a package ordered at `at` runs: from that day or from next month, for whole billing months. */
function toHeldProduct(
  product: AgentProduct,
  { iccid }: AgentCard,
  { effective, at }: { effective: 0 | 1; at: number },
): HeldProduct {
  const settlementDay = settlementDayOf(iccid);
  return {
    productNo: product.productNo,
    start: beijingDate(effective === 0 ? at : startOfBillingMonth(at, settlementDay, 1)),
    end: beijingDate(endOfBillingMonth(at, settlementDay, effective + product.months - 1)),
  };
}

/** An order as queries and callbacks show it. */
export function describeOrder(order: RechargeOrder) {
  return {
    order_no: order.orderNo,
    serial_no: order.serialNo,
    product_no: order.productNo,
    eft_month: String(order.effective),
    status: order.status,
    fee: formatYuan(fen(order.feeFen)),
  };
}

export interface RechargeRequest {
  card: AgentCard;
  product: AgentProduct;
  effective: 0 | 1;
}

/**
 * Queues a recharge and takes its fee from the agent's balance. Undefined if the balance does not cover it.
 */
export function queueRecharge(
  dakashi: DakashiSimulator,
  request: RechargeRequest,
  at: number,
): RechargeOrder | undefined {
  const { state, simulator, schedule } = dakashi;
  const { feeFen, productNo } = request.product;
  if (state.balanceFen < feeFen) return undefined;
  state.balanceFen -= feeFen;
  const order: RechargeOrder = {
    orderNo: newOrderNumber(at),
    serialNo: request.card.serialNo,
    productNo,
    effective: request.effective,
    feeFen,
    status: '0',
    createdAt: at,
  };
  state.orders.push(order);
  const seconds = simulator.state.faults.deliverySeconds ?? simulator.deliverySeconds;
  schedule('orderBegins', order.orderNo, at + (seconds * SECOND_MS) / 3);
  schedule('orderEnds', order.orderNo, at + seconds * SECOND_MS);
  return order;
}

export function startRecharge({ findOrder }: DakashiSimulator, orderNo: string): void {
  const order = findOrder(orderNo);
  if (order?.status === '0') order.status = '1';
}

function deliver(dakashi: DakashiSimulator, order: RechargeOrder, at: number): boolean {
  const { state, simulator } = dakashi;
  const card = state.cards.find(({ serialNo }) => serialNo === order.serialNo);
  const product = findProduct(order.productNo);
  if (simulator.state.faults.deliveryFails || !card || !product) return false;
  card.products.push(toHeldProduct(product, card, { effective: order.effective, at }));
  state.deliveries.push({ iccid: card.iccid, productNo: order.productNo, at });
  reactivateCard(dakashi, card, at);
  return true;
}

/** Completes a recharge as done or failed; a failed one is refunded to the balance. */
export function completeRecharge(dakashi: DakashiSimulator, orderNo: string, at: number): void {
  const { simulator, state, schedule } = dakashi;
  const order = dakashi.findOrder(orderNo);
  if (!order || order.status === '2' || order.status === '3') return;
  if (simulator.state.faults.deliveryStuck) {
    schedule('orderEnds', orderNo, Math.max(at, simulator.now()) + SECOND_MS);
    return;
  }
  order.status = deliver(dakashi, order, at) ? '3' : '2';
  if (order.status === '2') state.balanceFen += order.feeFen;
  queueCallback(dakashi, at, { action_type: 1, ...describeOrder(order) });
}
