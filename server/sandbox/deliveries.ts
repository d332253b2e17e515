import {
  carrierSettlementDays,
  endOfBillingMonth,
  startOfBillingMonth,
} from '@shared/billing-month';
import { readCardStatus, type CardStatusCode } from '@shared/carrier-status';
import { activeCodes } from './seed/plans';
import { products, type Product } from './seed/products';
import type { Notify } from './shingsou/unsigned-notification';
import type { HeldPackage, PlatformOrder, SimCard } from './state';
import type { Simulator } from './simulator';

const SECOND_MS = 1000;

/** States that a package ends. A card that was stopped because its volume was used up has its own flag. */
const endedByRecharge: readonly CardStatusCode[] = ['arrears', 'pendingActivation', 'dormant'];

/** Cards in these states accept no package. */
const unrechargeable: readonly CardStatusCode[] = ['cancelled', 'notFound'];

function statusOf(card: SimCard): CardStatusCode {
  return readCardStatus(card.carrier, card.carrierCode).code;
}

/** Reactivates a card with volume left, unless it was stopped for another reason. */
export function reactivateCard(card: SimCard | undefined, at: number): void {
  if (!card) return;
  const hasVolume = card.packages.some(
    ({ from, until, usedMb, volumeMb }) => from <= at && at <= until && usedMb < volumeMb,
  );
  if (!hasVolume || !(card.stoppedForVolume || endedByRecharge.includes(statusOf(card)))) return;
  card.carrierCode = activeCodes[card.carrier];
  card.stoppedForVolume = false;
}

/** When a package bought at `at` runs: from now or from next month, for whole billing months of the carrier. */
function toHeldPackage(
  product: Product,
  { carrier }: SimCard,
  { effective, at }: { effective: 0 | 1; at: number },
): HeldPackage {
  const settlementDay = carrierSettlementDays[carrier];
  return {
    productId: product.id,
    name: product.name,
    volumeMb: product.volumeMb,
    usedMb: 0,
    from: effective === 0 ? at : startOfBillingMonth(at, settlementDay, 1),
    until: endOfBillingMonth(at, settlementDay, effective + product.months - 1),
  };
}

function addPackage(
  simulator: Simulator,
  card: SimCard,
  product: Product,
  order: PlatformOrder,
  at: number,
) {
  const held = toHeldPackage(product, card, { effective: order.effective, at });
  card.packages.push(held);
  card.countedAt = at;
  if (card.expiresAt !== null) card.expiresAt = Math.max(card.expiresAt, held.until);
  reactivateCard(card, at);
  if (held.from > at)
    simulator.schedule({ kind: 'packageBegins', at: held.from, iccid: card.iccid });
}

function failureReason(
  simulator: Simulator,
  order: PlatformOrder,
  card: SimCard | undefined,
): string | null {
  if (simulator.state.faults.deliveryFails) return '运营商接口返回失败：套餐订购未成功';
  if (!card || unrechargeable.includes(statusOf(card))) return '卡片已销号，无法充值';
  const refunded = simulator.refundsByOrder.get(order.outTradeNo).length > 0;
  return refunded ? '订单已退款，停止充值' : null;
}

function deliver(simulator: Simulator, order: PlatformOrder, at: number): string | null {
  const card = simulator.cards.find(order.iccid);
  const product = products.find(({ id }) => id === order.productId);
  const failReason = failureReason(simulator, order, card);
  if (failReason !== null || !card || !product) return failReason ?? '套餐已下架';
  addPackage(simulator, card, product, order, at);
  const { outTradeNo, iccid, productId } = order;
  simulator.state.deliveries.push({ outTradeNo, iccid, productId, at });
  return null;
}

export interface Deliveries {
  /** Starts the delivery of a paid order. */
  start(order: PlatformOrder, at: number): void;
  complete(outTradeNo: string, at: number): void;
}

export function createDeliveries(simulator: Simulator, notify: Notify): Deliveries {
  const scheduleEnd = (outTradeNo: string, at: number) => {
    const seconds = simulator.state.faults.deliverySeconds ?? simulator.deliverySeconds;
    simulator.schedule({ kind: 'deliveryEnds', at: at + seconds * SECOND_MS, outTradeNo });
  };
  return {
    start(order, at) {
      order.deliverState = 'underWay';
      scheduleEnd(order.outTradeNo, at);
    },
    complete(outTradeNo, at) {
      const order = simulator.orders.find(outTradeNo);
      if (order?.deliverState !== 'underWay') return;
      if (simulator.state.faults.deliveryStuck) {
        simulator.schedule({
          kind: 'deliveryEnds',
          at: Math.max(at, simulator.now()) + SECOND_MS,
          outTradeNo,
        });
        return;
      }
      order.failReason = deliver(simulator, order, at);
      order.deliverState = order.failReason === null ? 'done' : 'failed';
      order.deliveredAt = order.failReason === null ? at : null;
      notify(order, order.failReason === null ? 'delivered' : 'deliveryFailed', at);
    },
  };
}
