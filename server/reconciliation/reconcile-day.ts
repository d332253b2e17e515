import type { Logger } from 'pino';
import type { Gateways } from '../platforms/payment-gateways';
import type { CardPlatforms } from '../platforms/card-platforms';
import type { BillEntry, ListedOrder, PaymentGateway } from '../platforms/ports';
import { findDelivery } from '../deliveries/delivery-queries';
import { queryDelivery } from '../deliveries/sync-delivery';
import { findOrder } from '../orders/order-queries';
import type { Store } from '../store/store';
import type { LedgerEntry, DayRecords } from './compare';
import { compareDay, isOwnOrderNumber, referenceOf } from './compare';
import { comparableFrom, DAY_MS, addDays, MAX_DAYS_BACK, startOfDay } from './days';
import type { LedgerOrderRow, LedgerRefund, Span } from './ledger-queries';
import { readOrders, readPayments, readRefunds } from './ledger-queries';
import { recordComparison } from './record-comparison';

export interface ReconciliationParts {
  store: Store;
  /** Epoch milliseconds. */
  clock: () => number;
  log: Logger;
  gateways: Gateways;
  platforms: CardPlatforms;
}

/** A bill that is a day late will not come: a day without payments has none (申请交易账单, NO_STATEMENT_EXIST). */
const BILL_TIMEOUT_MS = DAY_MS;

/**
 * What moved within this time before midnight is compared with the next day, whose bill and the one
 * before both are there then: the channel may date it to either.
 */
const MIDNIGHT_MARGIN_MS = 15 * 60_000;

/** So many orders the platform's list leaves out are asked about one by one. */
const MAX_DELIVERY_QUERIES = 100;

/** What is asked of a channel and of the platform for one comparison, each bill and list once. */
interface Sources {
  /** Empty where there is no bill. */
  bill(day: string): Promise<BillEntry[]>;
  /** The orders of the platforms that keep a list of them. */
  listed(day: string): Promise<ListedOrder[]>;
  /** Whether a platform keeps no list, so that nothing of it can be compared. */
  keepsNoList(platform: string): boolean;
}

interface DayLedger {
  payments: DayRecords['payments'];
  refunds: readonly LedgerRefund[];
  orders: readonly LedgerOrderRow[];
  /** Order numbers that belong to other channels. */
  otherChannelOrders: ReadonlySet<string>;
}

/**
 * Compares a Beijing day with what its channel and the card platform say of it, writes down what
 * differs, and has looked at again what the rules can settle. Doing it again replaces what was found.
 * @returns `notReady` while the channel has no bill for that day
 * @throws PlatformUnavailable
 */
export async function reconcileDay(
  parts: ReconciliationParts,
  gateway: PaymentGateway,
  day: string,
): Promise<'done' | 'notReady'> {
  const { clock, log } = parts;
  const bill = await gateway.downloadBill(day);
  if (!bill && clock() < comparableFrom(day) + BILL_TIMEOUT_MS) return 'notReady';
  const sources = createSources(parts, gateway, { day, bill: bill ?? [] });
  const ledger = await readLedger(parts, gateway.name, { day, sources });
  const adjacentBills = await findAdjacentBills(sources, day, ledger);
  const records: DayRecords = {
    ...ledger,
    bill: await sources.bill(day),
    adjacentBills,
    listed: (await sources.listed(day)).filter(isForChannel(parts, gateway.name, ledger)),
    deliveredOnOtherDays: await findDeliveredOrders(parts, sources, { day, orders: ledger.orders }),
  };
  const comparison = compareDay(records);
  const foreign = records.bill.filter(({ orderNumber }) => !isOwnOrderNumber(orderNumber)).length;
  const found = comparison.differences.length;
  log.info({ day, channel: gateway.name, found, foreign }, 'a day was compared');
  await recordComparison(parts, { day, channel: gateway.name }, { comparison, ledger });
  return 'done';
}

function createSources(
  { platforms }: ReconciliationParts,
  gateway: PaymentGateway,
  downloaded: { day: string; bill: BillEntry[] },
): Sources {
  const bills = new Map([[downloaded.day, Promise.resolve(downloaded.bill)]]);
  const lists = new Map<string, Promise<ListedOrder[]>>();
  const unlisted = new Set<string>();
  const listAllOrders = async (day: string) => {
    const answers = await Promise.all(
      platforms.connected.map(async (platform) => {
        const orders = await platform.ordersOfDay(day);
        if (!orders) unlisted.add(platform.name);
        return orders ?? [];
      }),
    );
    return answers.flat();
  };
  const memoize = <Value>(
    cache: Map<string, Promise<Value>>,
    day: string,
    load: () => Promise<Value>,
  ) => {
    const pending = cache.get(day) ?? load();
    cache.set(day, pending);
    return pending;
  };
  return {
    bill: (day) => memoize(bills, day, async () => (await gateway.downloadBill(day)) ?? []),
    listed: (day) => memoize(lists, day, () => listAllOrders(day)),
    keepsNoList: (platform) => unlisted.has(platform) || !platforms.find(platform),
  };
}

/** What our book dates to the day, and what the other sides name. */
async function readLedger(
  { store }: ReconciliationParts,
  channel: string,
  { day, sources }: { day: string; sources: Sources },
): Promise<DayLedger> {
  const bill = await sources.bill(day);
  const until = startOfDay(day) + DAY_MS - MIDNIGHT_MARGIN_MS;
  const span: Span = { from: until - DAY_MS, until };
  const referencesOf = (kind: BillEntry['kind']) =>
    bill.filter((entry) => entry.kind === kind).map(referenceOf);
  const payments = await readPayments(store, channel, {
    references: referencesOf('payment'),
    span,
  });
  const refunds = await readRefunds(store, channel, { references: referencesOf('refund'), span });
  const paid = payments.filter(({ expected }) => expected).map(({ orderNumber }) => orderNumber);
  const listed = await sources.listed(day);
  const numbers = [...paid, ...[...bill, ...listed].map(({ orderNumber }) => orderNumber)];
  const orders = await readOrders(store, numbers.filter(isOwnOrderNumber), new Set(paid));
  const others = orders.filter((order) => order.channel !== channel);
  return {
    payments,
    refunds,
    orders: orders.filter((order) => order.channel === channel),
    otherChannelOrders: new Set(others.map(({ number }) => number)),
  };
}

/** The bills around the day, as far as they are needed: most days need none, or the one before. */
async function findAdjacentBills(
  sources: Sources,
  day: string,
  ledger: DayLedger,
): Promise<BillEntry[]> {
  const bills: BillEntry[] = [];
  const known = new Set((await sources.bill(day)).map(referenceOf));
  const isMissing = (row: LedgerEntry) => row.expected && !known.has(row.reference);
  const add = async (other: string) => {
    const bill = await sources.bill(other);
    bills.push(...bill);
    for (const entry of bill) known.add(referenceOf(entry));
  };
  if ([...ledger.payments, ...ledger.refunds].some(isMissing)) await add(addDays(day, -1));
  // A refund stands in the bill of the day the channel took it on, and may be done days later.
  const oldest = Math.min(
    ...ledger.refunds.filter(isMissing).map(({ requestedAt }) => requestedAt),
  );
  for (let back = 2; back <= MAX_DAYS_BACK && ledger.refunds.some(isMissing); back += 1) {
    const before = addDays(day, -back);
    if (startOfDay(before) + DAY_MS <= oldest) break;
    await add(before);
  }
  return bills;
}

/** Which of the platform's orders a channel's comparison is to judge. */
function isForChannel({ gateways }: ReconciliationParts, channel: string, ledger: DayLedger) {
  const ours = new Set(ledger.orders.map(({ number }) => number));
  // An order nobody knows is judged once, with the channel that is in use.
  const isCurrent = channel === gateways.current.name;
  return ({ orderNumber }: ListedOrder) =>
    ours.has(orderNumber) || (isCurrent && !ledger.otherChannelOrders.has(orderNumber));
}

/**
 * Of the orders the day's list leaves out, those the platform says it delivered all the same. Where it keeps no
 * list, the book's own word stands: it was taken from the platform when the order was settled.
 */
async function findDeliveredOrders(
  { store, clock, platforms }: ReconciliationParts,
  sources: Sources,
  { day, orders }: { day: string; orders: readonly LedgerOrderRow[] },
): Promise<Set<string>> {
  const found = new Set(deliveredOrderNumbers(await sources.listed(day)));
  const isMissing = ({ number, state }: LedgerOrderRow) =>
    state === 'delivered' && !found.has(number);
  for (const { number, state, platform } of orders) {
    if (state === 'delivered' && sources.keepsNoList(platform)) found.add(number);
  }
  const paidToday = orders.filter(({ expected }) => expected);
  if (!paidToday.some(isMissing)) return found;
  for (const number of deliveredOrderNumbers(await sources.listed(addDays(day, -1))))
    found.add(number);
  for (const missing of paidToday.filter(isMissing).slice(0, MAX_DELIVERY_QUERIES)) {
    if (await isDeliveredAtPlatform({ store, clock, platforms }, missing))
      found.add(missing.number);
  }
  return found;
}

async function isDeliveredAtPlatform(
  { store, clock, platforms }: Pick<ReconciliationParts, 'store' | 'clock' | 'platforms'>,
  { id, platform: name }: LedgerOrderRow,
): Promise<boolean> {
  const platform = platforms.find(name);
  const order = await findOrder(store, id);
  if (!platform || !order) return false;
  const deliveryRow = await findDelivery(store, id);
  const { state } = await queryDelivery({ store, clock }, order, { platform, deliveryRow });
  return state === 'delivered';
}

function deliveredOrderNumbers(listed: readonly ListedOrder[]): string[] {
  return listed.filter((entry) => entry.delivered).map(({ orderNumber }) => orderNumber);
}
