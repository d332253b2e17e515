import { fen } from '@shared/money';
import type { Fen } from '@shared/money';
import { carrierOfIccid } from '../../platforms/iccid-carrier';
import { PlatformBusy, PlatformUnavailable } from '../../platforms/ports';
import type {
  CardPlatform,
  CardReport,
  DeliveryState,
  ListedOrder,
  Outcome,
  PackageOrder,
  PlatformCard,
  PlatformOffer,
} from '../../platforms/ports';
import type { ExampleClient } from './client';
import type { AnswerOf } from './operations';

type Card = AnswerOf<'search'>[number];
type Order = AnswerOf<'orders'>[number];

/** The platform has no categories. */
const CATEGORY = { id: 'all', name: '流量包' } as const;

function readCard({ id, iccid, phone }: Card): PlatformCard {
  return { ref: id, iccid, accessNumber: phone, carrier: carrierOfIccid(iccid) };
}

/** @throws PlatformUnavailable if the answer is about another card */
function readReport(ref: string, card: AnswerOf<'card'>): CardReport {
  if (card.id !== ref) throw new PlatformUnavailable('example card: answered about another card');
  const { totalMb, usedMb, at, status } = card;
  const remainingMb = Math.max(0, totalMb - usedMb);
  return {
    ...readCard(card),
    carrierCode: status,
    // A field the platform does not report is unknown, never guessed.
    realName: 'unknown',
    expiresAt: null,
    packages: [],
    usage: { totalMb, usedMb, remainingMb, asOf: at * 1000 },
    raw: [{ operation: 'card', answer: card }],
  };
}

function readOffer({ id, name, mb, fen: cost }: AnswerOf<'packages'>[number]): PlatformOffer {
  return {
    id,
    categoryId: CATEGORY.id,
    name,
    kind: 'basic',
    dataMb: mb,
    price: null,
    cost: fen(cost),
    months: 1,
    effective: ['now'],
  };
}

function readListedOrder({ number, packageId, fen: amount, state }: Order): ListedOrder {
  return {
    orderNumber: number,
    packageId,
    amount: fen(amount),
    paid: true,
    delivered: state === 'done',
  };
}

/** @throws PlatformUnavailable if a delivery has no time */
function readDelivery({ state, doneAt }: Order): DeliveryState {
  if (state === 'queued') return { state: 'pending' };
  if (state === 'failed') return { state: 'failed', reason: '平台没有说明原因' };
  if (doneAt === null) throw new PlatformUnavailable('example orders: a delivery without its time');
  return { state: 'delivered', at: doneAt * 1000 };
}

async function orderPackage(
  client: ExampleClient,
  { orderNumber, cardRef, packageId, amount }: PackageOrder,
): Promise<Outcome<{ reference: null }, 'rejected'>> {
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
}

async function queryDelivery(client: ExampleClient, orderNumber: string): Promise<DeliveryState> {
  const result = await client.query('orders', { number: orderNumber });
  if (result.outcome === 'refused') return { state: 'absent', platformTime: null };
  const order = result.data.find(({ number }) => number === orderNumber);
  return order === undefined ? { state: 'absent', platformTime: null } : readDelivery(order);
}

async function ordersOfDay(client: ExampleClient, day: string): Promise<ListedOrder[]> {
  const result = await client.query('orders', { day });
  return result.outcome === 'done' ? result.data.map(readListedOrder) : [];
}

async function queryBalance(client: ExampleClient): Promise<Fen> {
  const result = await client.query('balance', {});
  if (result.outcome === 'done') return fen(result.data.fen);
  throw new PlatformUnavailable('example balance: refused');
}

/** 示例卡商 as a card platform. */
export function createExampleCards(client: ExampleClient): CardPlatform {
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
    // The platform takes our number, and refuses a number it knows with other content.
    idempotentOrders: true,
    orderPackage: (order) => orderPackage(client, order),
    delivery: ({ orderNumber }) => queryDelivery(client, orderNumber),
    ordersOfDay: (day) => ordersOfDay(client, day),
    balance: () => queryBalance(client),
  };
}
