import { fen, parseYuan } from '@shared/money';
import type { Fen } from '@shared/money';
import { PlatformBusy, PlatformUnavailable } from '../ports';
import type { CardPlatform, DeliveryState, PlacedOrder } from '../ports';
import { readReport } from './card-report';
import { lookupNumber, assertSameCard, readFoundCard, queryRefused } from './cards';
import { readCatalogue } from './catalogue';
import type { AnswerOf, DakashiClient, Warn } from './client';
import { NO_SUCH_CARD, NO_SUCH_ORDER } from './error-codes';
import { createPackageSnapshot, provesDelivery } from './package-snapshot';
import { operations } from './operations';
import type { Dialect } from './operations';
import type { PlatformClock } from './platform-clock';

export interface CardPlatformOptions {
  client: DakashiClient;
  dialect: Dialect;
  /** Our own time, epoch milliseconds. */
  clock: () => number;
  /** The platform's time: by it its packages begin. */
  platformClock: PlatformClock;
  warn: Warn;
}

/** 0全部: expired packages are evidence too. */
const ALL_STATES = 0;

const effectiveCodes = { now: 0, nextMonth: 1 } as const;

/** 订单状态 "0"-未处理 "1"-处理中 "2"-失败 "3"-成功. */
function deliveryOf(status: string, at: number): DeliveryState {
  switch (status) {
    case '0':
    case '1':
      return { state: 'pending' };
    case '2':
      return { state: 'failed', reason: '大卡师：充值失败' };
    case '3':
      return { state: 'delivered', at };
    default:
      throw new PlatformUnavailable(`dakashi ${operations.orderInfo.id}: an unknown state`);
  }
}

/** What is left in yuan; an account that is overdrawn has nothing left. */
function readBalance(text: string): Fen {
  const balance = text.startsWith('-') && parseYuan(text.slice(1)) ? fen(0) : parseYuan(text);
  if (balance !== undefined) return balance;
  throw new PlatformUnavailable(`dakashi ${operations.userInfo.id}: no amount`);
}

/** Cards of 大卡师: look-up, report, shelf, orders paid from the agent's balance, and deliveries. */
export function createCardPlatform(options: CardPlatformOptions): CardPlatform {
  const { client, dialect, clock, platformClock, warn } = options;

  /** All that a card holds, whatever its state. @throws PlatformUnavailable */
  async function fetchCardPackages(ref: string): Promise<AnswerOf<'memberProducts'>> {
    const { id } = operations.memberProducts;
    const result = await client.query('memberProducts', { serial_no: ref, state: ALL_STATES });
    if (result.outcome === 'refused') throw queryRefused(id, result);
    assertSameCard(id, ref, result.data);
    return result.data;
  }

  /** By the platform's own number, which names one order. */
  async function deliveryByNumber(order: PlacedOrder, order_no: string): Promise<DeliveryState> {
    const { id } = operations.orderInfo;
    const result = await client.query('orderInfo', { order_no });
    if (result.outcome === 'refused') {
      if (result.code !== NO_SUCH_ORDER) throw queryRefused(id, result);
      // It gave us this number itself. That it denies it now proves nothing either way.
      warn('an accepted order is denied', { operation: id });
      return { state: 'pending' };
    }
    const { data } = result;
    assertSameCard(id, order.cardRef, data);
    if (data.order_no !== order_no || data.product_no !== order.packageId) {
      throw new PlatformUnavailable(`dakashi ${id}: answered about another order`);
    }
    return deliveryOf(data.status, clock());
  }

  async function deliveryBySnapshot(order: PlacedOrder): Promise<DeliveryState> {
    if (order.snapshotBefore === null) return { state: 'pending' };
    const packages = await fetchCardPackages(order.cardRef);
    const isProven = provesDelivery(order, packages, platformClock.now());
    return isProven ? { state: 'delivered', at: clock() } : { state: 'pending' };
  }

  return {
    name: 'dakashi',

    async find(number) {
      const result = await client.query('memberInfo', { serial_no: lookupNumber(number) });
      if (result.outcome === 'done') {
        const card = readFoundCard(dialect, number, result.data);
        return card === undefined ? [] : [card];
      }
      if (result.code === NO_SUCH_CARD) return [];
      throw queryRefused(operations.memberInfo.id, result);
    },

    async report(ref) {
      const info = await client.query('memberInfo', { serial_no: ref });
      if (info.outcome === 'refused') {
        if (info.code === NO_SUCH_CARD) return undefined;
        throw queryRefused(operations.memberInfo.id, info);
      }
      const requestedAt = clock();
      const products = await fetchCardPackages(ref);
      return readReport(dialect, ref, { info: info.data, products, requestedAt }, warn);
    },

    async packagesOnSale(ref) {
      const { id } = operations.products;
      const result = await client.query('products', { serial_no: ref });
      if (result.outcome === 'refused') {
        if (result.code === NO_SUCH_CARD) return { categories: [], offers: [] };
        throw queryRefused(id, result);
      }
      assertSameCard(id, ref, result.data);
      return readCatalogue(result.data.packages, warn);
    },

    idempotentOrders: false,

    async packageSnapshot(ref, packageId) {
      return createPackageSnapshot(await fetchCardPackages(ref), packageId, platformClock.now());
    },

    /** @throws PlatformBusy where it was turned away before anything was ordered: it may be called again */
    async orderPackage({ cardRef, packageId, effective }) {
      const result = await client.call('recharge', {
        serial_no: cardRef,
        product_no: packageId,
        effective: effectiveCodes[effective],
      });
      if (result.outcome === 'busy') throw new PlatformBusy(result.message);
      if (result.outcome === 'unknown') return result;
      return result.outcome === 'refused'
        ? { outcome: 'refused', reason: 'rejected', message: result.message }
        : { outcome: 'done', value: { reference: result.data.order_no } };
    },

    delivery(order) {
      return order.reference === null
        ? deliveryBySnapshot(order)
        : deliveryByNumber(order, order.reference);
    },

    // 大卡师 lists no orders.
    ordersOfDay: () => Promise.resolve(undefined),

    async balance() {
      const result = await client.query('userInfo', {});
      if (result.outcome === 'refused') throw queryRefused(operations.userInfo.id, result);
      return readBalance(result.data.balance);
    },
  };
}
