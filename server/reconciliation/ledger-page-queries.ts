import { orderStates } from '@shared/order-state';
import { ORDER_JOB } from '../orders/order-job';
import { REFUND_JOB } from '../refunds/refund-queries';
import type { CaptureRow, OrderRow, RefundRow } from '../store/schema';
import type { StoreOrTx } from '../store/store';

/** Orders with all that belongs to them, by order id. */
export interface OrderPage {
  orders: OrderRow[];
  captures: Map<string, CaptureRow[]>;
  refunds: Map<string, RefundRow[]>;
  /** The states of the order's events, oldest first. */
  states: Map<string, string[]>;
  orderIdsWithDelivery: Set<string>;
  /** Ids of orders and refunds that have a job. */
  orderJobs: Set<string>;
  refundJobs: Set<string>;
}

const PAGE_SIZE = 500;

/**
 * Reads a page of orders, in as many queries as there are tables.
 * @param after the id of the last order of the previous page; empty for the first page
 * @returns undefined after the last page
 */
export async function readOrderPage(
  store: StoreOrTx,
  after: string,
): Promise<OrderPage | undefined> {
  const orders = await store
    .selectFrom('orders')
    .selectAll()
    .where('id', '>', after)
    .orderBy('id')
    .limit(PAGE_SIZE)
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
  const deliveries = await store
    .selectFrom('deliveries')
    .select('order_id')
    .where('order_id', 'in', ids)
    .execute();
  return {
    orders,
    captures: groupBy(captures),
    refunds: groupBy(refunds),
    states: await readStates(store, ids),
    orderIdsWithDelivery: new Set(deliveries.map(({ order_id }) => order_id)),
    orderJobs: await findSubjectsWithJob(store, ORDER_JOB, ids),
    refundJobs: await findSubjectsWithJob(
      store,
      REFUND_JOB,
      refunds.map(({ id }) => id),
    ),
  };
}

async function readStates(
  store: StoreOrTx,
  orderIds: readonly string[],
): Promise<Map<string, string[]>> {
  const events = await store
    .selectFrom('order_events')
    .select(['order_id', 'type'])
    .where('order_id', 'in', orderIds)
    .where('type', 'in', orderStates)
    .orderBy('version')
    .orderBy('id')
    .execute();
  const states = new Map<string, string[]>();
  for (const [id, rows] of groupBy(events)) {
    states.set(
      id,
      rows.map(({ type }) => type),
    );
  }
  return states;
}

function groupBy<Row extends { order_id: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.order_id);
    if (group) group.push(row);
    else groups.set(row.order_id, [row]);
  }
  return groups;
}

async function findSubjectsWithJob(
  store: StoreOrTx,
  kind: string,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await store
    .selectFrom('jobs')
    .select('subject_id')
    .where('kind', '=', kind)
    .where('subject_id', 'in', ids)
    .execute();
  return new Set(rows.map(({ subject_id }) => subject_id));
}
