import { isSameIccid } from '@shared/card-number';
import type { CardNumber } from '@shared/card-number';
import { effectiveAt, monthPassed } from '../effective-at';
import { PlatformUnavailable } from '../ports';
import type {
  CardPlatform,
  CardReport,
  Outcome,
  PackageOrder,
  PlatformCard,
  PlatformCatalogue,
} from '../ports';
import { onlyOnce } from '../warn';
import { readRequestedCard, readReport } from './card-report';
import { readCatalogue } from './catalogue';
import type { RefusedResult, ShingsouClient, Warn } from './client';
import { queryRefused, readCard } from './field-readers';
import { operations } from './operations';
import type { OperationName, RefusalName } from './operations';
import { ordersOfDay, queryDelivery } from './order-list';
import { registerOrder } from './registration';
import type { RegistrationOptions } from './registration';

const FIRST_PAGE = { pageIndex: 1, pageSize: 100 };

/** Orders are queried by our own number, so 旭宇's is not needed. */
const ACCEPTED = { outcome: 'done', value: { reference: null } } as const;

/** The refusals of an order number that 旭宇 knows already. */
const DUPLICATE_NUMBER_CODES: readonly RefusalName[] = ['INVALID_REQUEST', 'ORDERPAID'];

async function findByDetail(
  client: ShingsouClient,
  cardNo: string,
  isRequested: (card: PlatformCard) => boolean,
): Promise<PlatformCard[]> {
  const result = await client.query('flowCardDetail', { cardNo });
  if (result.outcome === 'done') return [readRequestedCard(result.data, isRequested)];
  if (result.name === 'NotFound') return [];
  throw queryRefused(operations.flowCardDetail.id, result);
}

async function searchCards(
  { client, warn }: { client: ShingsouClient; warn: Warn },
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
  if (total > items.length) warn('the result does not fit on one page', { operation, total });
  const cards = items.flatMap((item) => readCard(item) ?? []);
  if (cards.length < items.length) warn('omitted a card without an ICCID', { operation });
  return cards.filter(isMatch);
}

function findCards(
  options: RegistrationOptions,
  { kind, value }: CardNumber,
): Promise<PlatformCard[]> {
  const { client } = options;
  switch (kind) {
    case 'iccid':
      return findByDetail(client, value, ({ ref }) => isSameIccid(ref, value));
    case 'accessNumber':
      return findByDetail(client, value, (card) => card.accessNumber === value);
    case 'iccidSuffix':
      return searchCards(options, value, ({ ref }) => ref.endsWith(value));
    // 旭宇 has no custom numbers. Such a number can only be an access number of unusual format.
    case 'customNumber':
      return searchCards(options, value, (card) => card.accessNumber === value);
  }
}

/** @throws PlatformUnavailable unless the card detail is known; status and usage may be missing */
async function reportCard(
  { client, warn }: RegistrationOptions,
  iccid: string,
): Promise<CardReport | undefined> {
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
  const answers = {
    detail: detail.data,
    status: status.outcome === 'done' ? status.data : undefined,
    data: data.outcome === 'done' ? data.data : undefined,
  };
  return readReport(iccid, answers, warn);
}

/** No package is on sale for an unknown card. @throws PlatformUnavailable on any other refusal */
function emptyCatalogue(name: OperationName, result: RefusedResult): PlatformCatalogue {
  if (result.name === 'NotFound') return { categories: [], offers: [] };
  throw queryRefused(operations[name].id, result);
}

async function fetchCatalogue(
  { client, warn }: RegistrationOptions,
  iccid: string,
): Promise<PlatformCatalogue> {
  const request = { cardNo: iccid };
  const [categories, products] = await Promise.all([
    client.query('productCategories', request),
    client.query('products', request),
  ]);
  if (categories.outcome === 'refused') return emptyCatalogue('productCategories', categories);
  if (products.outcome === 'refused') return emptyCatalogue('products', products);
  return readCatalogue(categories.data, products.data, warn);
}

/**
 * The outcome of a refused order. 旭宇 also refuses a number it knows with other content, such as an old
 * notify address. That order may be delivered already, so a number is refused only if no order has it.
 */
async function refuseUnlessOrdered(
  client: ShingsouClient,
  order: PackageOrder,
  { name, description }: RefusedResult,
): Promise<Outcome<{ reference: null }, 'rejected'>> {
  const message = `${name}: ${description}`;
  const rejection = { outcome: 'refused', reason: 'rejected', message } as const;
  if (!DUPLICATE_NUMBER_CODES.includes(name)) return rejection;
  try {
    const { state } = await queryDelivery(client, order);
    return state === 'absent' ? rejection : ACCEPTED;
  } catch (error) {
    if (error instanceof PlatformUnavailable) return { outcome: 'unknown', message };
    throw error;
  }
}

/** Orders a package that is paid from the shop's balance. @throws PlatformBusy if nothing was ordered */
async function orderPackage(
  options: RegistrationOptions,
  order: PackageOrder,
): Promise<Outcome<{ reference: null }, 'rejected'>> {
  const effective = effectiveAt(order, options.platformClock.now());
  if (effective === undefined) return monthPassed;
  const registered = await registerOrder(options, { ...order, effective }, 'balance');
  switch (registered.outcome) {
    case 'done':
      return ACCEPTED;
    case 'refused':
      return refuseUnlessOrdered(options.client, order, registered);
    case 'unknown':
      return registered;
  }
}

/** 旭宇 as a card platform. Packages are paid from the shop's balance. */
export function createCardPlatform(given: RegistrationOptions): CardPlatform {
  const { client } = given;
  // Every query of a card meets its odd packages again.
  const options = { ...given, warn: onlyOnce(given.warn) };
  return {
    name: 'shingsou',
    find: (number) => findCards(options, number),
    report: (iccid) => reportCard(options, iccid),
    packagesOnSale: (iccid) => fetchCatalogue(options, iccid),
    idempotentOrders: true,
    orderPackage: (order) => orderPackage(options, order),
    delivery: (order) => queryDelivery(client, order),
    ordersOfDay: (day) => ordersOfDay(options, day),
  };
}
