import { findDelivery } from '../deliveries/delivery-queries';
import { queryDelivery } from '../deliveries/sync-delivery';
import type { OrderContext } from '../orders/order-context';
import { findOrder } from '../orders/order-queries';
import type { BillEntry, ListedOrder, PaymentGateway } from '../platforms/ports';
import type { DayRecords, LedgerEntry } from './compare';
import { isOwnOrderNumber } from '../orders/order-number';
import { compareDay, referenceOf } from './compare';
import { addDays, comparableFrom, DAY_MS, MAX_DAYS_BACK, startOfDay } from './days';
import type { LedgerOrderRow, LedgerRefund, Span } from './ledger-queries';
import { readOrders, readPayments, readRefunds } from './ledger-queries';
import { recordComparison } from './record-comparison';

/** What it takes to compare days. */
export type ReconciliationContext = Pick<
  OrderContext,
  'store' | 'clock' | 'log' | 'gateways' | 'platforms'
>;

/**
 * A bill that is a day late does not exist: a day without payments has none (申请交易账单,
 * NO_STATEMENT_EXIST).
 */
const BILL_TIMEOUT_MS = DAY_MS;

/**
 * Payments and refunds within this time before midnight are compared with the next day, because the channel
 * may date them to either day. When the next day is compared, the bills of both exist.
 */
const MIDNIGHT_MARGIN_MS = 15 * 60_000;

/** At most so many orders that a platform's list does not contain are queried one by one. */
const MAX_DELIVERY_QUERIES = 100;

/** The records of channel and platforms for one comparison. Each bill and list is requested once. */
interface Sources {
  /** The channel's bill of a day; empty if there is none. */
  bill(day: string): Promise<BillEntry[]>;
  /** The day's orders of all platforms that can list them. */
  listed(day: string): Promise<ListedOrder[]>;
  /** Whether a platform can list its orders; known after `listed`. */
  canList(platform: string): boolean;
}

interface DayLedger {
  payments: DayRecords['payments'];
  refunds: readonly LedgerRefund[];
  orders: readonly LedgerOrderRow[];
  /** Order numbers that belong to other channels. */
  otherChannelOrders: ReadonlySet<string>;
}

/**
 * Compares our records of a Beijing day with the bill of a payment channel and the orders of the card
 * platforms. Stores the differences and schedules checks of those that may settle themselves. A repeated
 * comparison replaces the earlier result.
 * @returns `notReady` while the channel has no bill for the day
 * @throws PlatformUnavailable if the channel or a platform does not answer
 */
export async function reconcileDay(
  context: ReconciliationContext,
  gateway: PaymentGateway,
  day: string,
): Promise<'done' | 'notReady'> {
  const { clock, log } = context;
  const bill = await gateway.downloadBill(day);
  if (!bill && clock() < comparableFrom(day) + BILL_TIMEOUT_MS) return 'notReady';
  const sources = createSources(context, gateway, { day, bill: bill ?? [] });
  const ledger = await readLedger(context, gateway.name, { day, sources });
  const adjacentBills = await findAdjacentBills(sources, day, ledger);
  const records: DayRecords = {
    ...ledger,
    bill: await sources.bill(day),
    adjacentBills,
    listed: (await sources.listed(day)).filter(isForChannel(context, gateway.name, ledger)),
    deliveredOnOtherDays: await findDeliveredOrders(context, sources, {
      day,
      orders: ledger.orders,
    }),
  };
  const comparison = compareDay(records);
  const foreign = records.bill.filter(({ orderNumber }) => !isOwnOrderNumber(orderNumber)).length;
  const found = comparison.differences.length;
  log.info({ day, channel: gateway.name, found, foreign }, 'a day was compared');
  await recordComparison(context, { day, channel: gateway.name }, { comparison, ledger });
  return 'done';
}

function createSources(
  { platforms }: ReconciliationContext,
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
    canList: (platform) => !unlisted.has(platform) && platforms.find(platform) !== undefined,
  };
}

/** Our records that are dated to the day, and those that bill and lists name. */
async function readLedger(
  { store }: ReconciliationContext,
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

/** The bills of earlier days in which missing entries may be listed. Most days need none or one. */
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
  // A refund is listed on the day the channel accepts it, and may be paid days later.
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

/** Selects the platforms' orders that belong to the comparison with a channel. */
function isForChannel({ gateways }: ReconciliationContext, channel: string, ledger: DayLedger) {
  const ours = new Set(ledger.orders.map(({ number }) => number));
  // An unknown order is reported once, in the comparison with the current channel.
  const isCurrent = channel === gateways.current.name;
  return ({ orderNumber }: ListedOrder) =>
    ours.has(orderNumber) || (isCurrent && !ledger.otherChannelOrders.has(orderNumber));
}

/**
 * The numbers of orders that were delivered, although the day's list may not say so. If a platform cannot
 * list its orders, our own record counts: it was confirmed by the platform when the order was settled.
 */
async function findDeliveredOrders(
  { store, clock, platforms }: ReconciliationContext,
  sources: Sources,
  { day, orders }: { day: string; orders: readonly LedgerOrderRow[] },
): Promise<Set<string>> {
  const found = new Set(deliveredOrderNumbers(await sources.listed(day)));
  const isMissing = ({ number, state }: LedgerOrderRow) =>
    state === 'delivered' && !found.has(number);
  for (const { number, state, platform } of orders) {
    if (state === 'delivered' && !sources.canList(platform)) found.add(number);
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
  { store, clock, platforms }: Pick<ReconciliationContext, 'store' | 'clock' | 'platforms'>,
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
