import type { ApiResponse } from '@shared/contract';
import { recordAudit } from '../accounts/audit-queries';
import type { Actor } from '../contract/caller';
import type { OrderSearch } from './order-search-queries';
import { listMatchingOrders } from './order-search-queries';
import { presentOrders } from './present-orders';
import type { StoreAndClock } from './support-context';

/** Finds orders, newest first. */
export async function searchOrders(
  context: StoreAndClock,
  actor: Actor,
  search: OrderSearch,
): Promise<ApiResponse<'GET /support/orders'>> {
  await recordAudit(context, actor, { action: 'order.search', subject: search.query ?? '' });
  const orders = await listMatchingOrders(context.store, search);
  const page = orders.slice(0, search.limit);
  return {
    items: await presentOrders(context, page, actor.language),
    nextCursor: orders.length > search.limit ? (page.at(-1)?.id ?? null) : null,
  };
}
