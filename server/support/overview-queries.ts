import type { OrderState } from '@shared/order-state';
import { orderStates } from '@shared/order-state';
import { isFinal } from '../orders/order-state';
import { finalRefundStates } from '../refunds/refund-state';
import type { Store } from '../store/store';

const openStates = orderStates.filter((state) => !isFinal(state));

/** The number of orders in each state that is not final; states without orders are left out. */
export async function countOpenOrders(store: Store): Promise<Partial<Record<OrderState, number>>> {
  const rows = await store
    .selectFrom('orders')
    .select(['state', (eb) => eb.fn.countAll<number>().as('count')])
    .where('state', 'in', openStates)
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

export async function countOpenRefunds(store: Store): Promise<number> {
  const { open } = await store
    .selectFrom('refunds')
    .select((eb) => eb.fn.countAll<number>().as('open'))
    .where('state', 'not in', finalRefundStates)
    .executeTakeFirstOrThrow();
  return open;
}

/** The orders with these ids, by id; other ids are ignored. */
export async function findOrderNumbers(
  store: Store,
  ids: readonly string[],
): Promise<ReadonlyMap<string, { id: string; number: string }>> {
  if (ids.length === 0) return new Map();
  const rows = await store
    .selectFrom('orders')
    .select(['id', 'number'])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
