import { endOfBeijingMonth, startOfBeijingMonth } from '@shared/beijing-time';
import { readCardStatus, type CardStatusCode } from '@shared/carrier-status';
import { activeCodes } from './seed/plans';
import { products, type Product } from './seed/products';
import type { Notify } from './shingsou/knock';
import type { HeldPackage, PlatformOrder, SimCard } from './state';
import type { World } from './world';

const SECOND_MS = 1000;

/** Stopped states a package ends; being stopped for want of volume is the card's own mark. */
const endedByPackage: readonly CardStatusCode[] = ['arrears', 'pendingActivation', 'dormant'];

/** Cards in these states take no package any more. */
const beyondHelp: readonly CardStatusCode[] = ['cancelled', 'notFound'];

function statusOf(card: SimCard): CardStatusCode {
  return readCardStatus(card.carrier, card.carrierCode).code;
}

/** A card with volume left works again, unless it was stopped for another reason than want of it. */
export function wake(card: SimCard | undefined, at: number): void {
  if (!card) return;
  const supplied = card.packages.some(
    ({ from, until, usedMb, volumeMb }) => from <= at && at <= until && usedMb < volumeMb,
  );
  if (!supplied || !(card.stoppedForVolume || endedByPackage.includes(statusOf(card)))) return;
  card.carrierCode = activeCodes[card.carrier];
  card.stoppedForVolume = false;
}

/** When a package bought at `at` runs: from now or from next month, for whole calendar months. */
function toHold(product: Product, effective: 0 | 1, at: number): HeldPackage {
  return {
    productId: product.id,
    name: product.name,
    volumeMb: product.volumeMb,
    usedMb: 0,
    from: effective === 0 ? at : startOfBeijingMonth(at, 1),
    until: endOfBeijingMonth(at, effective + product.months - 1),
  };
}

function put(world: World, card: SimCard, product: Product, order: PlatformOrder, at: number) {
  const held = toHold(product, order.effective, at);
  card.packages.push(held);
  card.countedAt = at;
  if (card.expiresAt !== null) card.expiresAt = Math.max(card.expiresAt, held.until);
  wake(card, at);
  if (held.from > at) world.schedule({ kind: 'packageBegins', at: held.from, iccid: card.iccid });
}

function obstacle(world: World, order: PlatformOrder, card: SimCard | undefined): string | null {
  if (world.state.faults.deliveryFails) return '运营商接口返回失败：套餐订购未成功';
  if (!card || beyondHelp.includes(statusOf(card))) return '卡片已销号，无法充值';
  const refunded = world.refundsByOrder.of(order.outTradeNo).length > 0;
  return refunded ? '订单已退款，停止充值' : null;
}

function deliver(world: World, order: PlatformOrder, at: number): string | null {
  const card = world.cards.find(order.iccid);
  const product = products.find(({ id }) => id === order.productId);
  const failReason = obstacle(world, order, card);
  if (failReason !== null || !card || !product) return failReason ?? '套餐已下架';
  put(world, card, product, order, at);
  const { outTradeNo, iccid, productId } = order;
  world.state.deliveries.push({ outTradeNo, iccid, productId, at });
  return null;
}

export interface Deliveries {
  /** The platform starts to deliver a paid order by itself. */
  begin(order: PlatformOrder, at: number): void;
  end(outTradeNo: string, at: number): void;
}

export function createDeliveries(world: World, notify: Notify): Deliveries {
  const endLater = (outTradeNo: string, at: number) => {
    const seconds = world.state.faults.deliverySeconds ?? world.deliverySeconds;
    world.schedule({ kind: 'deliveryEnds', at: at + seconds * SECOND_MS, outTradeNo });
  };
  return {
    begin(order, at) {
      order.deliverState = 'underWay';
      endLater(order.outTradeNo, at);
    },
    end(outTradeNo, at) {
      const order = world.orders.find(outTradeNo);
      if (order?.deliverState !== 'underWay') return;
      if (world.state.faults.deliveryStuck) {
        world.schedule({
          kind: 'deliveryEnds',
          at: Math.max(at, world.now()) + SECOND_MS,
          outTradeNo,
        });
        return;
      }
      order.failReason = deliver(world, order, at);
      order.deliverState = order.failReason === null ? 'done' : 'failed';
      order.deliveredAt = order.failReason === null ? at : null;
      notify(order, order.failReason === null ? 'delivered' : 'deliveryFailed', at);
    },
  };
}
