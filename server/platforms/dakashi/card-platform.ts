import type { CardNumber } from '@shared/card-number';
import { parseBalance } from '@shared/money';
import type { Fen } from '@shared/money';
import { effectiveAt, monthPassed } from '../effective-at';
import type { PlatformClock } from '../platform-clock';
import { PlatformUnavailable } from '../ports';
import type {
  CardPlatform,
  CardReport,
  DeliveryState,
  Outcome,
  PackageOrder,
  PlacedOrder,
  PlatformCard,
  PlatformCatalogue,
} from '../ports';
import { onlyOnce } from '../warn';
import { readReport } from './card-report';
import { lookupNumber, assertSameCard, readFoundCard, queryRefused } from './cards';
import { readCatalogue } from './catalogue';
import type { AnswerOf, DakashiClient, Warn } from './client';
import { NO_SUCH_CARD, NO_SUCH_ORDER } from './error-codes';
import { createPackageSnapshot, provesDelivery } from './package-snapshot';
import { operations } from './operations';
import type { Dialect } from './operations';
import { toOutcome } from './outcome';

export interface CardPlatformOptions {
  client: DakashiClient;
  dialect: Dialect;
  /** Our own clock. Epoch milliseconds. */
  clock: () => number;
  /** The platform's clock, which decides when a package starts. */
  platformClock: PlatformClock;
  warn: Warn;
}

/** 0全部: includes expired packages, which also prove a delivery. */
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
      throw new PlatformUnavailable(`dakashi ${operations.orderInfo.id}: unknown state`);
  }
}

async function findCards(
  { client, dialect }: CardPlatformOptions,
  number: CardNumber,
): Promise<PlatformCard[]> {
  const result = await client.query('memberInfo', { serial_no: lookupNumber(number) });
  if (result.outcome === 'done') {
    const card = readFoundCard(dialect, number, result.data);
    return card === undefined ? [] : [card];
  }
  if (result.code === NO_SUCH_CARD) return [];
  throw queryRefused(operations.memberInfo.id, result);
}

/** All packages of a card, in any state. @throws PlatformUnavailable */
async function fetchCardPackages(
  client: DakashiClient,
  ref: string,
): Promise<AnswerOf<'memberProducts'>> {
  const { id } = operations.memberProducts;
  const result = await client.query('memberProducts', { serial_no: ref, state: ALL_STATES });
  if (result.outcome === 'refused') throw queryRefused(id, result);
  assertSameCard(id, ref, result.data);
  return result.data;
}

/**
 * The packages of a card for its report; undefined if they are not readable. The older document does not
 * have the operation.
 * @throws PlatformUnavailable if the answer names another card
 */
async function fetchReportedPackages(
  client: DakashiClient,
  ref: string,
): Promise<AnswerOf<'memberProducts'> | undefined> {
  const result = await client.call('memberProducts', { serial_no: ref, state: ALL_STATES });
  if (result.outcome !== 'done' || result.data.serial_no === null) return undefined;
  assertSameCard(operations.memberProducts.id, ref, result.data);
  return result.data;
}

async function reportCard(
  { client, dialect, clock, warn }: CardPlatformOptions,
  ref: string,
): Promise<CardReport | undefined> {
  const info = await client.query('memberInfo', { serial_no: ref });
  if (info.outcome === 'refused') {
    if (info.code === NO_SUCH_CARD) return undefined;
    throw queryRefused(operations.memberInfo.id, info);
  }
  const requestedAt = clock();
  const products = await fetchReportedPackages(client, ref);
  return readReport(dialect, ref, { info: info.data, products, requestedAt }, warn);
}

async function fetchCatalogue(
  { client, warn }: CardPlatformOptions,
  ref: string,
): Promise<PlatformCatalogue> {
  const { id } = operations.products;
  const result = await client.query('products', { serial_no: ref });
  if (result.outcome === 'refused') {
    if (result.code === NO_SUCH_CARD) return { categories: [], offers: [] };
    throw queryRefused(id, result);
  }
  assertSameCard(id, ref, result.data);
  return readCatalogue(result.data.packages, warn);
}

/** Orders a package that is paid from the agent's balance. @throws PlatformBusy if nothing was ordered */
async function orderPackage(
  { client, platformClock }: CardPlatformOptions,
  order: PackageOrder,
): Promise<Outcome<{ reference: string }, 'rejected'>> {
  const { cardRef, packageId } = order;
  const effective = effectiveAt(order, platformClock.now());
  if (effective === undefined) return monthPassed;
  const result = await client.call('recharge', {
    serial_no: cardRef,
    product_no: packageId,
    effective: effectiveCodes[effective],
  });
  return toOutcome(result, (data) => ({ reference: data.order_no }));
}

/** Queries a delivery by the platform's own order number. @throws PlatformUnavailable */
async function deliveryByNumber(
  { client, clock, warn }: CardPlatformOptions,
  order: PlacedOrder,
  order_no: string,
): Promise<DeliveryState> {
  const { id } = operations.orderInfo;
  const result = await client.query('orderInfo', { order_no });
  if (result.outcome === 'refused') {
    if (result.code !== NO_SUCH_ORDER) throw queryRefused(id, result);
    // The platform assigned this number itself, so its absence proves nothing.
    warn('the platform does not know an order it accepted', { operation: id });
    return { state: 'pending' };
  }
  const { data } = result;
  assertSameCard(id, order.cardRef, data);
  if (data.order_no !== order_no || data.product_no !== order.packageId) {
    throw new PlatformUnavailable(`dakashi ${id}: answered about another order`);
  }
  return deliveryOf(data.status, clock());
}

/** Detects a delivery by comparing the card's packages with those before the order. */
async function deliveryBySnapshot(
  { client, clock, platformClock }: CardPlatformOptions,
  order: PlacedOrder,
): Promise<DeliveryState> {
  if (order.snapshotBefore === null) return { state: 'pending' };
  const packages = await fetchCardPackages(client, order.cardRef);
  const isProven = provesDelivery(order, packages, platformClock.now());
  return isProven ? { state: 'delivered', at: clock() } : { state: 'pending' };
}

function queryDelivery(options: CardPlatformOptions, order: PlacedOrder): Promise<DeliveryState> {
  return order.reference === null
    ? deliveryBySnapshot(options, order)
    : deliveryByNumber(options, order, order.reference);
}

async function queryBalance(client: DakashiClient): Promise<Fen> {
  const result = await client.query('userInfo', {});
  if (result.outcome === 'refused') throw queryRefused(operations.userInfo.id, result);
  const balance = parseBalance(result.data.balance);
  if (balance !== undefined) return balance;
  throw new PlatformUnavailable(`dakashi ${operations.userInfo.id}: invalid amount`);
}

/** 大卡师 as a card platform. Packages are paid from the agent's balance. */
export function createCardPlatform(given: CardPlatformOptions): CardPlatform {
  const { client, platformClock } = given;
  // Every query of a card meets its odd packages again.
  const options = { ...given, warn: onlyOnce(given.warn) };
  return {
    name: 'dakashi',
    find: (number) => findCards(options, number),
    report: (ref) => reportCard(options, ref),
    packagesOnSale: (ref) => fetchCatalogue(options, ref),
    idempotentOrders: false,
    async packageSnapshot(ref, packageId) {
      const packages = await fetchCardPackages(client, ref);
      return createPackageSnapshot(packages, packageId, platformClock.now());
    },
    orderPackage: (order) => orderPackage(options, order),
    delivery: (order) => queryDelivery(options, order),
    // 大卡师 has no list of orders.
    ordersOfDay: () => Promise.resolve(undefined),
    balance: () => queryBalance(client),
  };
}
