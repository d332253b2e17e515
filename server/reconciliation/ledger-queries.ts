import type { RefundRow } from '../store/schema';
import type { Store } from '../store/store';
import type { LedgerEntry, LedgerOrder } from './compare';

/** A half-open time span, epoch ms: `from` included, `until` excluded. */
export interface Span {
  from: number;
  until: number;
}

/** A refund with what it takes to find it in earlier bills and to schedule its job. */
export interface LedgerRefund extends LedgerEntry {
  id: string;
  /** Epoch ms. */
  requestedAt: number;
}

/** An order with what it takes to schedule its job. */
export interface LedgerOrderRow extends LedgerOrder {
  id: string;
  channel: string;
  platform: string;
}

/** Well below the maximum number of parameters of SQLite (32766) and PostgreSQL (65535). */
const CHUNK_SIZE = 500;

async function inChunks<Row>(
  values: readonly string[],
  read: (chunk: string[]) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let at = 0; at < values.length; at += CHUNK_SIZE) {
    rows.push(...(await read(values.slice(at, at + CHUNK_SIZE))));
  }
  return rows;
}

function uniqueByReference<Row extends { reference: string }>(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [row.reference, row])).values()];
}

/** The payments of a channel that its bill names, and those that our ledger dates to the span. */
export async function readPayments(
  store: Store,
  channel: string,
  { references, span }: { references: readonly string[]; span: Span },
): Promise<LedgerEntry[]> {
  const payments = store
    .selectFrom('captures')
    .innerJoin('orders', 'orders.id', 'captures.order_id')
    .select(['captures.transaction_id', 'captures.amount_fen', 'captures.paid_at', 'orders.number'])
    .where('captures.channel', '=', channel);
  const rows = [
    ...(await inChunks(references, (chunk) =>
      payments.where('captures.transaction_id', 'in', chunk).execute(),
    )),
    ...(await payments
      .where('captures.paid_at', '>=', span.from)
      .where('captures.paid_at', '<', span.until)
      .execute()),
  ];
  return uniqueByReference(
    rows.map(({ transaction_id, amount_fen, paid_at, number }) => ({
      orderNumber: number,
      reference: transaction_id,
      amount: amount_fen,
      isCompleted: true,
      expected: paid_at >= span.from && paid_at < span.until,
    })),
  );
}

/** A bill lists a refund as soon as the channel accepts it, and keeps it if it is never paid out. */
const acceptedStates: readonly RefundRow['state'][] = [
  'processing',
  'done',
  'abnormal',
  'closed',
  'settledOutside',
];

/** The refunds of a channel that its bill names, and those that were paid within the span. */
export async function readRefunds(
  store: Store,
  channel: string,
  { references, span }: { references: readonly string[]; span: Span },
): Promise<LedgerRefund[]> {
  const refunds = store
    .selectFrom('refunds')
    .innerJoin('captures', 'captures.id', 'refunds.capture_id')
    .innerJoin('orders', 'orders.id', 'refunds.order_id')
    .select(['refunds.id', 'refunds.number as reference', 'refunds.amount_fen', 'refunds.state'])
    .select(['refunds.state_since', 'refunds.created_at', 'orders.number'])
    .where('captures.channel', '=', channel);
  const rows = [
    ...(await inChunks(references, (chunk) =>
      refunds.where('refunds.number', 'in', chunk).execute(),
    )),
    ...(await refunds
      .where('refunds.state', '=', 'done')
      .where('refunds.state_since', '>=', span.from)
      .where('refunds.state_since', '<', span.until)
      .execute()),
  ];
  return uniqueByReference(
    rows.map(({ id, reference, amount_fen, state, state_since, created_at, number }) => ({
      id,
      orderNumber: number,
      reference,
      amount: amount_fen,
      isCompleted: acceptedStates.includes(state),
      expected: state === 'done' && state_since >= span.from && state_since < span.until,
      requestedAt: created_at,
    })),
  );
}

/** Orders of any channel by number, with the sums of their captures. */
export async function readOrders(
  store: Store,
  numbers: readonly string[],
  expected: ReadonlySet<string>,
): Promise<LedgerOrderRow[]> {
  const orders = await inChunks([...new Set(numbers)], (chunk) =>
    store
      .selectFrom('orders')
      .select(['id', 'number', 'state', 'channel', 'platform'])
      .where('number', 'in', chunk)
      .execute(),
  );
  const ids = orders.map(({ id }) => id);
  const capturedFen = await readCapturedTotals(store, ids);
  const waived = await readWaived(store, ids);
  return orders.map(({ id, number, state, channel, platform }) => ({
    id,
    number,
    state,
    channel,
    platform,
    capturedFen: capturedFen.get(id) ?? 0,
    waived: waived.has(id),
    expected: expected.has(number),
  }));
}

async function readCapturedTotals(
  store: Store,
  orderIds: readonly string[],
): Promise<Map<string, number>> {
  const captures = await inChunks(orderIds, (chunk) =>
    store
      .selectFrom('captures')
      .select(['order_id', 'amount_fen'])
      .where('order_id', 'in', chunk)
      .execute(),
  );
  const totals = new Map<string, number>();
  for (const { order_id: id, amount_fen: amount } of captures) {
    totals.set(id, (totals.get(id) ?? 0) + amount);
  }
  return totals;
}

async function readWaived(store: Store, orderIds: readonly string[]): Promise<Set<string>> {
  const refunds = await inChunks(orderIds, (chunk) =>
    store
      .selectFrom('refunds')
      .select('order_id')
      .where('order_id', 'in', chunk)
      .where((eb) => eb.or([eb('staff_id', 'is not', null), eb('origin', '=', 'channel')]))
      .execute(),
  );
  return new Set(refunds.map(({ order_id: id }) => id));
}

/** The channels with at least one payment. */
export async function readChannels(store: Store): Promise<string[]> {
  const rows = await store.selectFrom('captures').select('channel').distinct().execute();
  return rows.map(({ channel }) => channel);
}

export async function hasOrders(store: Store): Promise<boolean> {
  return (await store.selectFrom('orders').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** When the first payment was made, epoch ms; undefined if there is none. */
export async function firstPaymentAt(store: Store): Promise<number | undefined> {
  const first = await store
    .selectFrom('captures')
    .select('paid_at')
    .orderBy('paid_at')
    .limit(1)
    .executeTakeFirst();
  return first?.paid_at;
}
