import { iccidForms, parseCardNumber } from '@shared/card-number';
import type { OrderState } from '@shared/order-state';
import type { OrderRow } from '../store/schema';
import type { Store } from '../store/store';

/** The criteria by which staff search orders; instants in RFC 3339. */
export interface OrderSearch {
  query?: string | undefined;
  state?: OrderState | undefined;
  from?: string | undefined;
  to?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** The latest orders of a card, newest first. */
export function listOrdersOfCard(store: Store, cardId: string, limit: number): Promise<OrderRow[]> {
  return store
    .selectFrom('orders')
    .selectAll()
    .where('card_id', '=', cardId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** The ids of the stored cards that a card number means. */
async function findCardIds(store: Store, text: string): Promise<string[]> {
  const number = parseCardNumber(text);
  if (!number) return [];
  const rows = await store
    .selectFrom('cards')
    .select('id')
    .where((eb) =>
      eb.or([
        eb('iccid', 'in', number.kind === 'iccid' ? iccidForms(number.value) : [number.value]),
        eb('access_number', '=', number.value),
      ]),
    )
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Orders by order number, transaction number or card number, newest first. Returns one more than `limit` if
 * there are more.
 */
export async function listMatchingOrders(store: Store, search: OrderSearch): Promise<OrderRow[]> {
  const { query, state, from, to, limit, cursor } = search;
  let orders = store.selectFrom('orders').selectAll();
  if (query !== undefined) {
    const cards = await findCardIds(store, query);
    orders = orders.where((eb) =>
      eb.or([
        eb('number', '=', query),
        eb('transaction_id', '=', query),
        ...(cards.length > 0 ? [eb('card_id', 'in', cards)] : []),
      ]),
    );
  }
  if (state !== undefined) orders = orders.where('state', '=', state);
  if (from !== undefined) orders = orders.where('created_at', '>=', Date.parse(from));
  if (to !== undefined) orders = orders.where('created_at', '<=', Date.parse(to));
  if (cursor !== undefined) orders = orders.where('id', '<', cursor);
  return orders
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
}
