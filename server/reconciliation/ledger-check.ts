import type { Transaction } from 'kysely';
import { orderStates } from '@shared/order-state';
import { orderRules } from '../orders/order-state';
import type { CaptureRow, Database, OrderRow, RefundRow } from '../store/schema';
import type { Store } from '../store/store';

/** Something in the book that cannot be true. */
export interface LedgerViolation {
  rule: string;
  /** The order's number. */
  subject: string;
  detail: string;
}

/** Everything about some orders, read in as many queries as there are tables. */
interface OrderPage {
  orders: OrderRow[];
  captures: Map<string, CaptureRow[]>;
  refunds: Map<string, RefundRow[]>;
  /** State changes in order, oldest first. */
  states: Map<string, string[]>;
  orderIdsWithDelivery: Set<string>;
  orderJobs: Set<string>;
  refundJobs: Set<string>;
}

type Reader = Store | Transaction<Database>;

const PAGE = 500;

/** States in which the channel has taken nothing, as far as the book knows. */
const unpaidStates: readonly string[] = ['created', 'awaitingPayment', 'closed'];

function groupBy<Row extends { order_id: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.order_id);
    if (group) group.push(row);
    else groups.set(row.order_id, [row]);
  }
  return groups;
}

async function readJobs(store: Reader, kind: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await store
    .selectFrom('jobs')
    .select('subject_id')
    .where('kind', '=', kind)
    .where('subject_id', 'in', ids)
    .execute();
  return new Set(rows.map(({ subject_id }) => subject_id));
}

async function readPage(store: Reader, after: string): Promise<OrderPage | undefined> {
  const orders = await store
    .selectFrom('orders')
    .selectAll()
    .where('id', '>', after)
    .orderBy('id')
    .limit(PAGE)
    .execute();
  if (orders.length === 0) return undefined;
  const ids = orders.map(({ id }) => id);
  const captures = await store
    .selectFrom('captures')
    .selectAll()
    .where('order_id', 'in', ids)
    .execute();
  const refunds = await store
    .selectFrom('refunds')
    .selectAll()
    .where('order_id', 'in', ids)
    .execute();
  const events = await store
    .selectFrom('order_events')
    .select(['order_id', 'type'])
    .where('order_id', 'in', ids)
    .orderBy('version')
    .orderBy('id')
    .execute();
  const deliveries = await store
    .selectFrom('deliveries')
    .select('order_id')
    .where('order_id', 'in', ids)
    .execute();
  const states = new Map<string, string[]>();
  for (const [id, rows] of groupBy(events)) {
    states.set(
      id,
      rows.map(({ type }) => type).filter((type) => orderStates.some((state) => state === type)),
    );
  }
  return {
    orders,
    captures: groupBy(captures),
    refunds: groupBy(refunds),
    states,
    orderIdsWithDelivery: new Set(deliveries.map(({ order_id }) => order_id)),
    orderJobs: await readJobs(store, 'order', ids),
    refundJobs: await readJobs(
      store,
      'refund',
      refunds.map(({ id }) => id),
    ),
  };
}

type Rule = (order: OrderRow, page: OrderPage) => string | undefined;

function sum(amounts: readonly { amount_fen: number }[]): number {
  return amounts.reduce((total, { amount_fen }) => total + amount_fen, 0);
}

const capturesOf = (order: OrderRow, page: OrderPage) => page.captures.get(order.id) ?? [];
const refundsOf = (order: OrderRow, page: OrderPage) => page.refunds.get(order.id) ?? [];

/** What must hold of every order, whatever befell it. */
const ledgerRules: Readonly<Record<string, Rule>> = {
  'the events lead to the state the order is in': (order, page) => {
    const states = page.states.get(order.id) ?? [];
    const last = states.at(-1) ?? 'created';
    return last === order.state ? undefined : `${order.state}, but its events end in ${last}`;
  },
  'every change of state is one the table has': (order, page) => {
    const states = ['created', ...(page.states.get(order.id) ?? [])];
    const wrong = states.findIndex((state, index) => {
      const next = states[index + 1];
      return next !== undefined && !allowsTransition(state, next);
    });
    return wrong < 0 ? undefined : `${states[wrong] ?? ''} -> ${states[wrong + 1] ?? ''}`;
  },
  'an unpaid order has taken nothing': (order, page) =>
    unpaidStates.includes(order.state) && capturesOf(order, page).length > 0
      ? `${order.state} with ${String(sum(capturesOf(order, page)))} fen taken`
      : undefined,
  'a paid order has what was paid': (order, page) =>
    !unpaidStates.includes(order.state) && capturesOf(order, page).length === 0
      ? `${order.state} with nothing taken`
      : undefined,
  'the transaction of an order is booked for it': (order, page) =>
    order.transaction_id !== null &&
    !capturesOf(order, page).some(({ transaction_id: id }) => id === order.transaction_id)
      ? 'its transaction is not booked'
      : undefined,
  'what is delivered was paid in full': (order, page) =>
    order.state === 'delivered' &&
    order.transaction_id !== null &&
    sum(capturesOf(order, page)) < order.amount_fen &&
    !(page.states.get(order.id) ?? []).includes('reviewing')
      ? `${String(sum(capturesOf(order, page)))} of ${String(order.amount_fen)} fen taken`
      : undefined,
  'no payment is given back beyond what was taken': (order, page) => {
    const over = capturesOf(order, page).find((capture) => {
      const refunds = refundsOf(order, page).filter(({ capture_id: id }) => id === capture.id);
      return sum(refunds) > capture.amount_fen;
    });
    return over && `more than ${String(over.amount_fen)} fen of one payment`;
  },
  'a refunded order has given all back': (order, page) => {
    if (order.state !== 'refunded') return undefined;
    const done = refundsOf(order, page).filter(({ state }) => state === 'done');
    const taken = sum(capturesOf(order, page));
    return sum(done) === taken
      ? undefined
      : `${String(sum(done))} of ${String(taken)} fen given back`;
  },
  'a second payment is on its way back': (order, page) => {
    const captures = capturesOf(order, page);
    if (captures.length < 2) return undefined;
    const kept = captures.filter(
      (capture) => !refundsOf(order, page).some(({ capture_id: id }) => id === capture.id),
    );
    return kept.length > 1 ? `${String(kept.length)} payments are kept` : undefined;
  },
  'an order that is not at rest has a next action': (order, page) =>
    !orderRules[order.state].final && !page.orderJobs.has(order.id)
      ? `${order.state} without a job`
      : undefined,
  'a refund that is not done has a next action': (order, page) =>
    refundsOf(order, page).some(({ id, state }) => state !== 'done' && !page.refundJobs.has(id))
      ? 'a refund without a job'
      : undefined,
  'only a paid order was ordered at its platform': (order, page) =>
    page.orderIdsWithDelivery.has(order.id) && capturesOf(order, page).length === 0
      ? 'ordered without a payment'
      : undefined,
};

function allowsTransition(from: string, to: string): boolean {
  const rule = Object.entries(orderRules).find(([state]) => state === from)?.[1];
  return rule?.to.some((state) => state === to) ?? false;
}

/**
 * Verifies what must hold over the whole book: sums, states against events, no money without an owner,
 * nothing left without a next action. Reads page by page.
 * @returns what does not hold; empty if all does
 */
export async function checkLedger(store: Reader): Promise<LedgerViolation[]> {
  const violations: LedgerViolation[] = [];
  let after = '';
  for (;;) {
    const page = await readPage(store, after);
    if (!page) return violations;
    for (const order of page.orders) {
      for (const [rule, check] of Object.entries(ledgerRules)) {
        const detail = check(order, page);
        if (detail !== undefined) violations.push({ rule, subject: order.number, detail });
      }
    }
    after = page.orders.at(-1)?.id ?? '';
  }
}
