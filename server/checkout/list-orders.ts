import type { Order } from '@shared/contract';
import type { Language } from '@shared/language';
import type { StoreAndClock } from '../orders/order-context';
import { presentOrder } from '../orders/order-presenter';
import { listOrderEvents, listOrdersOfUser } from '../orders/order-queries';

interface ListInput {
  userId: string;
  limit: number;
  /** The id of the last order of the previous page. */
  cursor: string | undefined;
  language: Language;
}

/** A page of the user's orders, newest first, as they are stored. */
export async function listOrders(
  { store, clock }: StoreAndClock,
  { userId, limit, cursor, language }: ListInput,
): Promise<{ items: Order[]; nextCursor: string | null }> {
  const orders = await listOrdersOfUser(store, userId, { limit: limit + 1, before: cursor });
  const page = orders.slice(0, limit);
  const events = await listOrderEvents(
    store,
    page.map(({ id }) => id),
  );
  const now = clock();
  return {
    items: page.map((order) => presentOrder(order, events.get(order.id) ?? [], { language, now })),
    nextCursor: orders.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}
