import { beijingDate } from '@shared/beijing-time';
import type {
  CardPlatform,
  PlatformCatalogue,
  DeliveryState,
  PlacedOrder,
} from '../platforms/ports';
import { cheapestOffer, findGivenCard, skipWithoutCard } from './card-facts';
import type { CardFacts } from './card-facts';
import type { Check, CheckRecorder } from './check';
import { LAST_DAY_OF_MONTH } from '@shared/billing-month';

type CardCheck = Check<CardPlatform, CardFacts>;

const DAY_MS = 24 * 60 * 60 * 1000;

function areUnique(ids: readonly string[]): boolean {
  return new Set(ids).size === ids.length;
}

function checkCatalogue({ categories, offers }: PlatformCatalogue, recorder: CheckRecorder): void {
  const known = new Set(categories.map(({ id }) => id));
  recorder.expect('categories[].id: unique', areUnique(categories.map(({ id }) => id)));
  recorder.expect('offers[].id: unique', areUnique(offers.map(({ id }) => id)));
  for (const offer of offers) {
    recorder.expect('offers[].categoryId: a known category', known.has(offer.categoryId));
    recorder.expect('offers[].price or cost: known', offer.price !== null || offer.cost !== null);
    recorder.expect('offers[].dataMb: not negative', offer.dataMb === null || offer.dataMb >= 0);
    recorder.expect('offers[].months: one or more', offer.months >= 1);
    recorder.expect('offers[].effective: now or next month', offer.effective.length > 0);
  }
}

const catalogueIsComplete: CardCheck = {
  name: { 'zh-CN': '在售套餐完整', en: 'The catalogue is complete' },
  method: 'packagesOnSale',
  writes: false,
  skipReason: skipWithoutCard,
  async run(cards, facts, recorder) {
    const { ref } = await findGivenCard(cards, facts);
    const catalogue = await cards.packagesOnSale(ref);
    recorder.recordOptional('offers', catalogue.offers[0]);
    checkCatalogue(catalogue, recorder);
  },
};

/** An order with this number of which nothing else is known. */
function placedOrder(orderNumber: string, cardRef: string): PlacedOrder {
  return {
    orderNumber,
    cardRef,
    packageId: 'liuka-conformance',
    effectiveFrom: 0,
    settlementDay: LAST_DAY_OF_MONTH,
    reference: null,
    snapshotBefore: null,
  };
}

const unknownOrderIsAbsent: CardCheck = {
  name: { 'zh-CN': '没有的订单号', en: 'An unused order number' },
  method: 'delivery',
  writes: false,
  skipReason: skipWithoutCard,
  async run(cards, facts, recorder) {
    const { ref } = await findGivenCard(cards, facts);
    const { state } = await cards.delivery(placedOrder(facts.unusedNumber, ref));
    // A platform that cannot be queried by our number cannot report that it has no such order.
    const [rule, holds] = cards.idempotentOrders
      ? (['absent', state === 'absent'] as const)
      : (['pending or absent', state === 'pending' || state === 'absent'] as const);
    recorder.expect(`state: ${rule}`, holds);
  },
};

function isPlausibleDelivery(delivery: DeliveryState, now: number): boolean {
  return delivery.state !== 'delivered' || delivery.at <= now + DAY_MS;
}

const givenOrderIsKnown: CardCheck = {
  name: { 'zh-CN': '给定订单的交付情况', en: 'The delivery of the given order' },
  method: 'delivery',
  writes: false,
  skipReason: (cards, facts) => {
    if (!cards.idempotentOrders) return 'the platform cannot be queried by our order numbers';
    return facts.orderNumber === undefined
      ? 'no order number was given'
      : skipWithoutCard(cards, facts);
  },
  async run(cards, facts, recorder) {
    const { ref } = await findGivenCard(cards, facts);
    const delivery = await cards.delivery(placedOrder(facts.orderNumber ?? '', ref));
    if (delivery.state === 'absent') {
      recorder.recordMissing('the given order');
      return;
    }
    recorder.expect(`state: ${delivery.state}`, true);
    recorder.expect('at: not in the future', isPlausibleDelivery(delivery, facts.clock()));
  },
};

const ordersAreListed: CardCheck = {
  name: { 'zh-CN': '昨天的订单列表', en: 'The list of yesterday’s orders' },
  method: 'ordersOfDay',
  writes: false,
  async run(cards, { clock }, recorder) {
    const orders = await cards.ordersOfDay(beijingDate(clock() - DAY_MS));
    if (!recorder.recordOptional('a list of orders', orders)) return;
    for (const { orderNumber, packageId, paid, delivered } of orders ?? []) {
      recorder.expect(
        'orders[].orderNumber, packageId: not empty',
        orderNumber !== '' && packageId !== '',
      );
      recorder.expect('orders[]: nothing delivered without payment', paid || !delivered);
    }
  },
};

const snapshotIsStable: CardCheck = {
  name: { 'zh-CN': '持有套餐两次查询一致', en: 'Two package snapshots are the same' },
  method: 'packageSnapshot',
  writes: false,
  skipReason: (cards, facts) =>
    cards.packageSnapshot
      ? skipWithoutCard(cards, facts)
      : 'the platform is queried by order numbers',
  async run(cards, facts, recorder) {
    const { ref } = await findGivenCard(cards, facts);
    const offer = cheapestOffer((await cards.packagesOnSale(ref)).offers);
    const packageId = offer?.id ?? 'liuka-conformance';
    const first = await cards.packageSnapshot?.(ref, packageId);
    recorder.expect('both are the same', first === (await cards.packageSnapshot?.(ref, packageId)));
  },
};

const balanceIsValid: CardCheck = {
  name: { 'zh-CN': '账户余额', en: 'The balance' },
  method: 'balance',
  writes: false,
  skipReason: (cards) => (cards.balance ? undefined : 'the platform has no balance'),
  async run(cards, _facts, recorder) {
    const balance = await cards.balance?.();
    recorder.expect(
      'whole fen, not negative',
      Number.isSafeInteger(balance) && Number(balance) >= 0,
    );
  },
};

export const catalogueChecks: readonly CardCheck[] = [
  catalogueIsComplete,
  unknownOrderIsAbsent,
  givenOrderIsKnown,
  ordersAreListed,
  snapshotIsStable,
  balanceIsValid,
];
