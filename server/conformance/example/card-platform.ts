import { fen } from '@shared/money';
import { carrierOfIccid } from '../../platforms/iccid-carrier';
import { PlatformBusy, PlatformUnavailable } from '../../platforms/ports';
import type {
  CardPlatform,
  CardReport,
  PlatformCatalogue,
  DeliveryState,
  PlatformCard,
} from '../../platforms/ports';
import type { ExampleClient } from './client';
import type { AnswerOf } from './operations';

type Card = AnswerOf<'search'>[number];
type Order = AnswerOf<'orders'>[number];

/** The platform counts packages and has no shelves of its own. */
const CATEGORY = { id: 'all', name: '流量包' } as const;

function readCard({ id, iccid, phone }: Card): PlatformCard {
  return { ref: id, iccid, accessNumber: phone, carrier: carrierOfIccid(iccid) };
}

/** @throws PlatformUnavailable if it is about another card than was asked for */
function readReport(ref: string, card: AnswerOf<'card'>): CardReport {
  if (card.id !== ref) throw new PlatformUnavailable('example card: answered about another card');
  const { totalMb, usedMb, at, status } = card;
  const remainingMb = Math.max(0, totalMb - usedMb);
  return {
    ...readCard(card),
    carrierCode: status,
    // What a platform does not tell is said to be unknown, and never guessed.
    ...{ realName: 'unknown', expiresAt: null, packages: [] },
    usage: { totalMb, usedMb, remainingMb, asOf: at * 1000 },
    raw: [{ operation: 'card', answer: card }],
  };
}

function readOffer({
  id,
  name,
  mb,
  fen: cost,
}: AnswerOf<'packages'>[number]): PlatformCatalogue['offers'][number] {
  return {
    ...{ id, name, categoryId: CATEGORY.id, kind: 'basic', dataMb: mb, months: 1 },
    ...{ price: null, cost: fen(cost), effective: ['now'] },
  };
}

/** @throws PlatformUnavailable where a delivery bears no time */
function readDelivery({ state, doneAt }: Order): DeliveryState {
  if (state === 'queued') return { state: 'pending' };
  if (state === 'failed') return { state: 'failed', reason: '平台没有说明原因' };
  if (doneAt === null) throw new PlatformUnavailable('example orders: a delivery without its time');
  return { state: 'delivered', at: doneAt * 1000 };
}

/** 示例卡商, filling the port for cards. */
export function createExampleCards(client: ExampleClient): CardPlatform {
  async function findOrder(number: string): Promise<Order | undefined> {
    const result = await client.query('orders', { number });
    return result.outcome === 'done'
      ? result.data.find((order) => order.number === number)
      : undefined;
  }

  return {
    name: 'example',

    async find({ value }) {
      const result = await client.query('search', { number: value });
      return result.outcome === 'done' ? result.data.map(readCard) : [];
    },

    async report(ref) {
      const result = await client.query('card', { id: ref });
      return result.outcome === 'done' ? readReport(ref, result.data) : undefined;
    },

    async packagesOnSale(ref) {
      const result = await client.query('packages', { id: ref });
      if (result.outcome === 'refused') return { categories: [], offers: [] };
      return { categories: [CATEGORY], offers: result.data.map(readOffer) };
    },

    // The platform takes our number, and refuses it when it comes with other content.
    idempotentOrders: true,

    async orderPackage({ orderNumber, cardRef, packageId, amount }) {
      const request = { number: orderNumber, id: cardRef, packageId, fen: amount };
      const result = await client.call('buy', request);
      switch (result.outcome) {
        case 'busy':
          throw new PlatformBusy(result.message);
        case 'unknown':
          return result;
        case 'refused':
          return { outcome: 'refused', reason: 'rejected', message: result.error };
        case 'done':
          return result.data.number === orderNumber
            ? { outcome: 'done', value: { reference: null } }
            : { outcome: 'unknown', message: 'example buy: answered about another order' };
      }
    },

    async delivery({ orderNumber }) {
      const order = await findOrder(orderNumber);
      return order === undefined ? { state: 'absent' } : readDelivery(order);
    },

    async ordersOfDay(day) {
      const result = await client.query('orders', { day });
      if (result.outcome === 'refused') return [];
      return result.data.map(({ number, packageId, fen: amount, state }) => ({
        ...{ orderNumber: number, packageId, amount: fen(amount) },
        ...{ paid: true, delivered: state === 'done' },
      }));
    },

    async balance() {
      const result = await client.query('balance', {});
      if (result.outcome === 'done') return fen(result.data.fen);
      throw new PlatformUnavailable('example balance: refused');
    },
  };
}
