import { randomInt } from 'node:crypto';
import {
  beijingDate,
  beijingDateTime,
  endOfBeijingMonth,
  startOfBeijingMonth,
} from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import { tell } from './callbacks';
import { wake } from './card-states';
import type { Office } from './office';
import { findProduct, type AgentProduct } from './products';
import type { AgentCard, HeldProduct, RechargeOrder } from './state';

const SECOND_MS = 1000;

/** 24 digits from the time and chance, as the document's examples have it. */
function newOrderNumber(at: number): string {
  return `${beijingDateTime(at).replace(/\D/g, '')}${String(randomInt(1e9, 1e10))}`;
}

/** When a package ordered at `at` runs: from that day or from next month, for whole calendar months. */
function toHold(product: AgentProduct, effective: 0 | 1, at: number): HeldProduct {
  return {
    productNo: product.productNo,
    start: beijingDate(effective === 0 ? at : startOfBeijingMonth(at, 1)),
    end: beijingDate(endOfBeijingMonth(at, effective + product.months - 1)),
  };
}

/** What an order looks like to the agent, asked for or told. */
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

export interface Asked {
  card: AgentCard;
  product: AgentProduct;
  effective: 0 | 1;
}

/**
 * Puts a recharge in the queue and takes its fee from the agent's balance. Undefined where that does not
 * cover it.
 */
export function queueRecharge(office: Office, asked: Asked, at: number): RechargeOrder | undefined {
  const { state, world, schedule } = office;
  const { feeFen, productNo } = asked.product;
  if (state.balanceFen < feeFen) return undefined;
  state.balanceFen -= feeFen;
  const order: RechargeOrder = {
    orderNo: newOrderNumber(at),
    serialNo: asked.card.serialNo,
    productNo,
    effective: asked.effective,
    feeFen,
    status: '0',
    createdAt: at,
  };
  state.orders.push(order);
  const seconds = world.state.faults.deliverySeconds ?? world.deliverySeconds;
  schedule('orderBegins', order.orderNo, at + (seconds * SECOND_MS) / 3);
  schedule('orderEnds', order.orderNo, at + seconds * SECOND_MS);
  return order;
}

export function beginRecharge({ findOrder }: Office, orderNo: string): void {
  const order = findOrder(orderNo);
  if (order?.status === '0') order.status = '1';
}

function deliver(office: Office, order: RechargeOrder, at: number): boolean {
  const { state, world } = office;
  const card = state.cards.find(({ serialNo }) => serialNo === order.serialNo);
  const product = findProduct(order.productNo);
  if (world.state.faults.deliveryFails || !card || !product) return false;
  card.products.push(toHold(product, order.effective, at));
  state.deliveries.push({ iccid: card.iccid, productNo: order.productNo, at });
  wake(office, card, at);
  return true;
}

/** The carrier is done with a recharge, one way or the other; what failed is not charged for. */
export function endRecharge(office: Office, orderNo: string, at: number): void {
  const { world, state, schedule } = office;
  const order = office.findOrder(orderNo);
  if (!order || order.status === '2' || order.status === '3') return;
  if (world.state.faults.deliveryStuck) {
    schedule('orderEnds', orderNo, Math.max(at, world.now()) + SECOND_MS);
    return;
  }
  order.status = deliver(office, order, at) ? '3' : '2';
  if (order.status === '2') state.balanceFen += order.feeFen;
  tell(office, at, { action_type: 1, ...describeOrder(order) });
}
