import { PlatformUnavailable } from '../ports';
import type {
  CardPlatform,
  PlatformCatalogue,
  Outcome,
  PackageOrder,
  PlatformCard,
} from '../ports';
import { readRequestedCard, readReport } from './card-report';
import { readCatalogue } from './catalogue';
import type { RefusedResult } from './client';
import { operations } from './operations';
import type { OperationName, RefusalName } from './operations';
import { createOrderList } from './order-list';
import { registerOrder } from './registration';
import type { RegistrationOptions } from './registration';
import { readCard, queryRefused } from './field-readers';

const FIRST_PAGE = { pageIndex: 1, pageSize: 100 };

/** It is asked about by our own number, so its own is not needed. */
const ACCEPTED = { outcome: 'done', value: { reference: null } } as const;

/** How 旭宇 refuses a number it has already. */
const DUPLICATE_NUMBER_CODES: readonly RefusalName[] = ['INVALID_REQUEST', 'ORDERPAID'];

/**
 * A card the platform does not know has nothing on its shelf.
 * @throws PlatformUnavailable on any other refusal.
 */
function emptyCatalogue(name: OperationName, result: RefusedResult): PlatformCatalogue {
  if (result.name === 'NotFound') return { categories: [], offers: [] };
  throw queryRefused(operations[name].id, result);
}

/** Cards of 旭宇: look-up, report, shelf, orders paid from the shop's balance, and deliveries. */
export function createCardPlatform(options: RegistrationOptions): CardPlatform {
  const { client, warn } = options;
  const orders = createOrderList(client);

  /**
   * A number that is known with other content, such as the notify address we had before a move, may well
   * be delivered already: only a number the platform has no order of is refused.
   */
  async function refuseUnlessOrdered(
    order: PackageOrder,
    { name, description }: RefusedResult,
  ): Promise<Outcome<{ reference: null }, 'rejected'>> {
    const message = `${name}: ${description}`;
    const rejection = { outcome: 'refused', reason: 'rejected', message } as const;
    if (!DUPLICATE_NUMBER_CODES.includes(name)) return rejection;
    try {
      const { state } = await orders.delivery(order);
      return state === 'absent' ? rejection : ACCEPTED;
    } catch (error) {
      if (error instanceof PlatformUnavailable) return { outcome: 'unknown', message };
      throw error;
    }
  }

  async function findByDetail(
    cardNo: string,
    isRequested: (card: PlatformCard) => boolean,
  ): Promise<PlatformCard[]> {
    const result = await client.query('flowCardDetail', { cardNo });
    if (result.outcome === 'done') return [readRequestedCard(result.data, isRequested)];
    if (result.name === 'NotFound') return [];
    throw queryRefused(operations.flowCardDetail.id, result);
  }

  async function search(
    keyword: string,
    isMatch: (card: PlatformCard) => boolean,
  ): Promise<PlatformCard[]> {
    const operation = operations.flowCards.id;
    const result = await client.query('flowCards', { keyword, ...FIRST_PAGE });
    if (result.outcome === 'refused') {
      if (result.name === 'NotFound') return [];
      throw queryRefused(operation, result);
    }
    const { items, total } = result.data;
    if (total > items.length) warn('more cards than one page', { operation, total });
    const cards = items.flatMap((item) => readCard(item) ?? []);
    if (cards.length < items.length) warn('card without an ICCID left out', { operation });
    return cards.filter(isMatch);
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
          return search(value, ({ ref }) => ref.endsWith(value));
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
        throw queryRefused(operations.flowCardDetail.id, detail);
      }
      if (status.outcome === 'unknown') throw new PlatformUnavailable(status.message);
      if (status.outcome === 'refused') throw queryRefused(operations.flowCardStatus.id, status);
      const usage = data.outcome === 'done' ? data.data : undefined;
      return readReport(iccid, { detail: detail.data, status: status.data, data: usage }, warn);
    },

    async packagesOnSale(iccid) {
      const request = { cardNo: iccid };
      const [categories, products] = await Promise.all([
        client.query('productCategories', request),
        client.query('products', request),
      ]);
      if (categories.outcome === 'refused') return emptyCatalogue('productCategories', categories);
      if (products.outcome === 'refused') return emptyCatalogue('products', products);
      return readCatalogue(categories.data, products.data, warn);
    },

    idempotentOrders: true,

    async orderPackage(order) {
      const registered = await registerOrder(options, order, 'balance');
      if (registered.outcome === 'unknown') return registered;
      if (registered.outcome === 'refused') {
        return refuseUnlessOrdered(order, registered);
      }
      return ACCEPTED;
    },

    delivery: orders.delivery,
    ordersOfDay: orders.ordersOfDay,
  };
}
