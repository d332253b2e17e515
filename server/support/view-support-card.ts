import type { ApiResponse } from '@shared/contract';
import { recordAudit } from '../accounts/audit-queries';
import { presentCard } from '../cards/card-presenter';
import { viewCardForStaff } from '../cards/view-card';
import type { Actor } from '../contract/caller';
import { rfc3339 } from '../lib/rfc3339';
import { listOrdersOfCard } from './order-search-queries';
import { presentOrders } from './present-orders';
import type { SupportContext } from './support-context';

const MAX_ORDERS = 50;

/**
 * A card, the unchanged answers of its platform, and its latest orders.
 * @throws ApiError `card.not_found`, `platform.unavailable`, `platform.busy`
 */
export async function viewSupportCard(
  context: SupportContext,
  actor: Actor,
  cardId: string,
): Promise<ApiResponse<'GET /support/cards/:cardId'>> {
  const { language } = actor;
  await recordAudit(context, actor, { action: 'card.view', subject: cardId });
  const view = await viewCardForStaff(context, cardId);
  const fetchedAt = rfc3339(view.fetchedAt);
  const orders = await listOrdersOfCard(context.store, cardId, MAX_ORDERS);
  return {
    card: presentCard(view, { language, showNumbers: true }),
    raw: view.report.raw.map(({ operation, answer }) => ({ operation, fetchedAt, answer })),
    orders: await presentOrders(context, orders, language),
  };
}
