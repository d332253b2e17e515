import { beijingDate } from '@shared/beijing-time';
import type { CardPlatform, DeliveryState, PlacedOrder } from '../platforms/ports';
import type { CardFacts, Purchase } from './card-facts';
import type { Check } from './check';

type CardCheck = Check<CardPlatform, CardFacts>;

const POLL_INTERVAL_MS = 5_000;
/** Five minutes. A person should look into a slower delivery. */
const MAX_POLLS = 60;

async function waitForDelivery(
  cards: CardPlatform,
  placedOrder: PlacedOrder,
  { wait }: Purchase,
): Promise<DeliveryState> {
  let delivery = await cards.delivery(placedOrder);
  for (let poll = 0; poll < MAX_POLLS && delivery.state === 'pending'; poll += 1) {
    await wait(POLL_INTERVAL_MS);
    delivery = await cards.delivery(placedOrder);
  }
  return delivery;
}

/** Places the order of the purchase. @throws TypeError if there is none */
async function placeOrder(cards: CardPlatform, purchase: Purchase | undefined) {
  if (purchase === undefined) throw new TypeError('nothing is to be ordered');
  const { amount: _, ...order } = purchase.order;
  const snapshotBefore = (await cards.packageSnapshot?.(order.cardRef, order.packageId)) ?? null;
  const outcome = await cards.orderPackage(purchase.order);
  const reference = outcome.outcome === 'done' ? outcome.value.reference : null;
  return { purchase, outcome: outcome.outcome, placed: { ...order, reference, snapshotBefore } };
}

/** A single check, so that a run pays for only one package. */
const orderIsDeliveredOnce: CardCheck = {
  name: {
    'zh-CN': '订购一个套餐，直到到账；同号重下不重复',
    en: 'A package is ordered and delivered; the same number orders once',
  },
  method: 'orderPackage',
  writes: true,
  skipReason: (_cards, { purchase }) =>
    purchase === undefined ? 'no package is to be ordered' : undefined,
  async run(cards, facts, recorder) {
    const { purchase, outcome, placed: placedOrder } = await placeOrder(cards, facts.purchase);
    const { order } = purchase;
    recorder.expect('orderPackage: done', outcome === 'done');
    if (outcome === 'refused') return;
    recorder.recordOptional('the platform’s own order number', placedOrder.reference);
    const { state } = await waitForDelivery(cards, placedOrder, purchase);
    recorder.expect('delivery: delivered', state === 'delivered');
    if (cards.packageSnapshot) {
      const after = await cards.packageSnapshot(order.cardRef, order.packageId);
      recorder.expect('packageSnapshot: changed', after !== placedOrder.snapshotBefore);
      const lost = await cards.delivery({ ...placedOrder, reference: null });
      recorder.expect('delivery: proven by the snapshot alone', lost.state === 'delivered');
    }
    if (cards.idempotentOrders) {
      const again = await cards.orderPackage(order);
      recorder.expect('the same order again: done', again.outcome === 'done');
      const today = await cards.ordersOfDay(beijingDate(facts.clock()));
      const listed = today?.filter(({ orderNumber }) => orderNumber === order.orderNumber);
      recorder.expect('ordersOfDay: lists it once', listed === undefined || listed.length === 1);
    }
  },
};

export const orderChecks: readonly CardCheck[] = [orderIsDeliveredOnce];
