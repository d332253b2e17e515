import { beijingDate } from '@shared/beijing-time';
import type { CardPlatform, DeliveryState, PlacedOrder } from '../platforms/ports';
import type { CardFacts, Purchase } from './card-facts';
import type { Check } from './check';

type CardCheck = Check<CardPlatform, CardFacts>;

const LOOK_EVERY_MS = 5_000;
/** Five minutes: what takes longer is looked into by a person. */
const LOOKS = 60;

async function waitForDelivery(
  cards: CardPlatform,
  placed: PlacedOrder,
  { wait }: Purchase,
): Promise<DeliveryState> {
  let delivery = await cards.delivery(placed);
  for (let look = 0; look < LOOKS && delivery.state === 'pending'; look += 1) {
    await wait(LOOK_EVERY_MS);
    delivery = await cards.delivery(placed);
  }
  return delivery;
}

/** Places the order of the purchase. @throws TypeError where there is none */
async function place(cards: CardPlatform, purchase: Purchase | undefined) {
  if (purchase === undefined) throw new TypeError('nothing is to be ordered');
  const { amount: _, ...order } = purchase.order;
  const snapshotBefore = (await cards.packageSnapshot?.(order.cardRef, order.packageId)) ?? null;
  const outcome = await cards.orderPackage(purchase.order);
  const reference = outcome.outcome === 'done' ? outcome.value.reference : null;
  return { purchase, outcome: outcome.outcome, placed: { ...order, reference, before: snapshotBefore } };
}

/** One check for all of it, so that one run pays for one package. */
const orders: CardCheck = {
  name: {
    'zh-CN': '订购一个套餐，直到到账；同号重下不重复',
    en: 'A package is ordered and delivered; the same number orders once',
  },
  method: 'orderPackage',
  writes: true,
  lacks: (_cards, { purchase }) =>
    purchase === undefined ? 'no package is to be ordered' : undefined,
  async run(cards, facts, notes) {
    const { purchase, outcome, placed } = await place(cards, facts.purchase);
    const { order } = purchase;
    notes.expect('orderPackage: done', outcome === 'done');
    if (outcome === 'refused') return;
    notes.told('the platform’s own number of the order', placed.reference);
    const { state } = await waitForDelivery(cards, placed, purchase);
    notes.expect('delivery: delivered', state === 'delivered');
    if (cards.packageSnapshot) {
      const after = await cards.packageSnapshot(order.cardRef, order.packageId);
      notes.expect('holdings: another than before', after !== placed.before);
      const lost = await cards.delivery({ ...placed, reference: null });
      notes.expect('delivery: proven by holdings alone', lost.state === 'delivered');
    }
    if (cards.ordersOncePerNumber) {
      const again = await cards.orderPackage(order);
      notes.expect('the same order again: done', again.outcome === 'done');
      const today = await cards.ordersOfDay(beijingDate(facts.clock()));
      const listed = today?.filter(({ orderNumber }) => orderNumber === order.orderNumber);
      notes.expect('ordersOfDay: lists it once', listed === undefined || listed.length === 1);
    }
  },
};

export const orderChecks: readonly CardCheck[] = [orders];
