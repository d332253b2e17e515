import { beijingDate } from '@shared/beijing-time';
import type { CardPlatform, PlatformCatalogue, DeliveryState, PlacedOrder } from '../platforms/ports';
import { cheapestOffer, givenCard, lacksCard } from './card-facts';
import type { CardFacts } from './card-facts';
import type { Check, Notes } from './check';

type CardCheck = Check<CardPlatform, CardFacts>;

const DAY_MS = 24 * 60 * 60 * 1000;

function areUnique(ids: readonly string[]): boolean {
  return new Set(ids).size === ids.length;
}

function checkCatalogue({ categories, offers }: PlatformCatalogue, notes: Notes): void {
  const known = new Set(categories.map(({ id }) => id));
  notes.expect('categories[].id: each once', areUnique(categories.map(({ id }) => id)));
  notes.expect('offers[].id: each once', areUnique(offers.map(({ id }) => id)));
  for (const offer of offers) {
    notes.expect('offers[].categoryId: a category that is there', known.has(offer.categoryId));
    notes.expect('offers[].price or cost: there', offer.price !== null || offer.cost !== null);
    notes.expect('offers[].dataMb: not below zero', offer.dataMb >= 0);
    notes.expect('offers[].months: one or more', offer.months >= 1);
    notes.expect('offers[].effective: now or next month', offer.effective.length > 0);
  }
}

const catalogueIsComplete: CardCheck = {
  name: { 'zh-CN': '在售套餐完整', en: 'The shelf is whole' },
  method: 'packagesOnSale',
  writes: false,
  lacks: lacksCard,
  async run(cards, facts, notes) {
    const { ref } = await givenCard(cards, facts);
    const catalogue = await cards.packagesOnSale(ref);
    notes.told('offers', catalogue.offers[0]);
    checkCatalogue(catalogue, notes);
  },
};

/** An order of this number, as it stands before anything is known of it. */
function placedOrder(orderNumber: string, cardRef: string): PlacedOrder {
  return {
    ...{ orderNumber, cardRef, packageId: 'liuka-conformance', effective: 'now' },
    ...{ reference: null, snapshotBefore: null },
  };
}

const deniesUnknownOrders: CardCheck = {
  name: { 'zh-CN': '没有的订单号', en: 'An order number nobody used' },
  method: 'delivery',
  writes: false,
  lacks: lacksCard,
  async run(cards, facts, notes) {
    const { ref } = await givenCard(cards, facts);
    const { state } = await cards.delivery(placedOrder(facts.unusedNumber, ref));
    // Where a platform cannot be asked by our number, nothing that it says can prove that it has no order.
    const [rule, holds] = cards.ordersOncePerNumber
      ? (['absent', state === 'absent'] as const)
      : (['pending or absent', state === 'pending' || state === 'absent'] as const);
    notes.expect(`state: ${rule}`, holds);
  },
};

function isConclusive(delivery: DeliveryState, now: number): boolean {
  return delivery.state !== 'delivered' || delivery.at <= now + DAY_MS;
}

const knowsOurOrder: CardCheck = {
  name: { 'zh-CN': '给定订单的交付情况', en: 'What became of the given order' },
  method: 'delivery',
  writes: false,
  lacks: (cards, facts) => {
    if (!cards.ordersOncePerNumber) return 'the platform cannot be asked by our order numbers';
    return facts.orderNumber === undefined ? 'no order number was given' : lacksCard(cards, facts);
  },
  async run(cards, facts, notes) {
    const { ref } = await givenCard(cards, facts);
    const delivery = await cards.delivery(placedOrder(facts.orderNumber ?? '', ref));
    if (delivery.state === 'absent') {
      notes.missing('the given order');
      return;
    }
    notes.expect(`state: ${delivery.state}`, true);
    notes.expect('at: a time that has come', isConclusive(delivery, facts.clock()));
  },
};

const listsOrders: CardCheck = {
  name: { 'zh-CN': '昨天的订单列表', en: 'The list of yesterday’s orders' },
  method: 'ordersOfDay',
  writes: false,
  async run(cards, { clock }, notes) {
    const orders = await cards.ordersOfDay(beijingDate(clock() - DAY_MS));
    if (!notes.told('a list of orders', orders)) return;
    for (const { orderNumber, packageId, paid, delivered } of orders ?? []) {
      notes.expect(
        'orders[].orderNumber, packageId: there',
        orderNumber !== '' && packageId !== '',
      );
      notes.expect('orders[]: nothing delivered that was not paid', paid || !delivered);
    }
  },
};

const snapshotIsStable: CardCheck = {
  name: { 'zh-CN': '持有套餐两次查询一致', en: 'Holdings asked twice are the same' },
  method: 'holdings',
  writes: false,
  lacks: (cards, facts) =>
    cards.packageSnapshot ? lacksCard(cards, facts) : 'the platform is asked by order numbers',
  async run(cards, facts, notes) {
    const { ref } = await givenCard(cards, facts);
    const offer = cheapestOffer((await cards.packagesOnSale(ref)).offers);
    const packageId = offer?.id ?? 'liuka-conformance';
    const first = await cards.packageSnapshot?.(ref, packageId);
    notes.expect('twice the same', first === (await cards.packageSnapshot?.(ref, packageId)));
  },
};

const tellsBalance: CardCheck = {
  name: { 'zh-CN': '账户余额', en: 'The balance' },
  method: 'balance',
  writes: false,
  lacks: (cards) => (cards.balance ? undefined : 'the platform tells none'),
  async run(cards, _facts, notes) {
    const balance = await cards.balance?.();
    notes.expect(
      'whole fen, not below zero',
      Number.isSafeInteger(balance) && Number(balance) >= 0,
    );
  },
};

export const catalogueChecks: readonly CardCheck[] = [
  catalogueIsComplete,
  deniesUnknownOrders,
  knowsOurOrder,
  listsOrders,
  snapshotIsStable,
  tellsBalance,
];
