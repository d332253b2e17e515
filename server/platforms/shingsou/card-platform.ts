import { PlatformUnavailable } from '../ports';
import type { CardPlatform, Catalogue, DeliveryState, PlatformCard } from '../ports';
import { readAskedCard, readReport } from './card-report';
import { readCatalogue } from './catalogue';
import type { AnswerOf, Refused, ShingsouClient, Warn } from './client';
import { operations } from './operations';
import type { OperationName } from './operations';
import { instantOf, readCard, unanswered } from './wire';

type PlatformOrder = AnswerOf<'orders'>['items'][number];

const FIRST_PAGE = { pageIndex: 1, pageSize: 100 };

/** @throws PlatformUnavailable where the state is none we know, or a delivery bears no time. */
function readDelivery(order: PlatformOrder): DeliveryState {
  switch (order.deliverState) {
    case 0:
    case 1:
      return { state: 'pending' };
    case 2:
      return { state: 'failed', reason: order.failReason ?? '平台没有说明原因' };
    case 3:
      if (order.deliveredAt === null) break;
      return { state: 'delivered', at: instantOf(order.deliveredAt) };
  }
  throw new PlatformUnavailable(
    `shingsou ${operations.orders.id}: delivery state ${String(order.deliverState)} is not understood`,
  );
}

/**
 * A card the platform does not know has nothing on its shelf.
 * @throws PlatformUnavailable on any other refusal.
 */
function emptyShelf(name: OperationName, refused: Refused): Catalogue {
  if (refused.name === 'NotFound') return { categories: [], offers: [] };
  throw unanswered(operations[name].id, refused);
}

/** Cards of 旭宇: look-up, report, shelf, and what became of a delivery. */
export function createCardPlatform(options: { client: ShingsouClient; warn: Warn }): CardPlatform {
  const { client, warn } = options;

  async function findByDetail(
    cardNo: string,
    isAsked: (card: PlatformCard) => boolean,
  ): Promise<PlatformCard[]> {
    const result = await client.ask('flowCardDetail', { cardNo });
    if (result.outcome === 'done') return [readAskedCard(result.data, isAsked)];
    if (result.name === 'NotFound') return [];
    throw unanswered(operations.flowCardDetail.id, result);
  }

  async function search(
    keyword: string,
    isMeant: (card: PlatformCard) => boolean,
  ): Promise<PlatformCard[]> {
    const operation = operations.flowCards.id;
    const result = await client.ask('flowCards', { keyword, ...FIRST_PAGE });
    if (result.outcome === 'refused') {
      if (result.name === 'NotFound') return [];
      throw unanswered(operation, result);
    }
    const { items, total } = result.data;
    if (total > items.length) warn('more cards than one page', { operation, total });
    const cards = items.flatMap((item) => readCard(item) ?? []);
    if (cards.length < items.length) warn('card without an ICCID left out', { operation });
    return cards.filter(isMeant);
  }

  return {
    name: 'shingsou',

    async find({ kind, value }) {
      switch (kind) {
        case 'iccid':
          return findByDetail(value, (card) => card.iccid === value);
        case 'accessNumber':
          return findByDetail(value, (card) => card.accessNumber === value);
        case 'iccidSuffix':
          return search(value, (card) => card.iccid.endsWith(value));
        // 旭宇 has no numbers of a shop's own; such a number can only be an access number of unusual form.
        case 'customNumber':
          return search(value, (card) => card.accessNumber === value);
      }
    },

    async report(iccid) {
      const request = { cardNo: iccid };
      const [detail, status, data] = await Promise.all([
        client.call('flowCardDetail', request),
        client.call('flowCardStatus', request),
        client.call('flowCardData', request),
      ]);
      if (detail.outcome === 'unknown') throw new PlatformUnavailable(detail.message);
      if (detail.outcome === 'refused') {
        if (detail.name === 'NotFound') return undefined;
        throw unanswered(operations.flowCardDetail.id, detail);
      }
      if (status.outcome === 'unknown') throw new PlatformUnavailable(status.message);
      if (status.outcome === 'refused') throw unanswered(operations.flowCardStatus.id, status);
      const usage = data.outcome === 'done' ? data.data : undefined;
      return readReport(iccid, { detail: detail.data, status: status.data, data: usage }, warn);
    },

    async packagesOnSale(iccid) {
      const request = { cardNo: iccid };
      const [categories, products] = await Promise.all([
        client.ask('productCategories', request),
        client.ask('products', request),
      ]);
      if (categories.outcome === 'refused') return emptyShelf('productCategories', categories);
      if (products.outcome === 'refused') return emptyShelf('products', products);
      return readCatalogue(categories.data, products.data, warn);
    },

    async delivery(orderNumber) {
      const operation = operations.orders.id;
      const result = await client.ask('orders', { outTradeNo: orderNumber, ...FIRST_PAGE });
      if (result.outcome === 'refused') {
        if (result.name === 'NotFound') return { state: 'absent' };
        throw unanswered(operation, result);
      }
      const [order, ...others] = result.data.items.filter(
        ({ outTradeNo }) => outTradeNo === orderNumber,
      );
      if (others.length > 0) {
        throw new PlatformUnavailable(`shingsou ${operation}: several orders of one number`);
      }
      return order === undefined ? { state: 'absent' } : readDelivery(order);
    },
  };
}
