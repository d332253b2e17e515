import type { ApiResponse } from '@shared/contract';
import { recordAudit } from '../accounts/audit-queries';
import { presentCard } from '../cards/card-presenter';
import type { FoundViews } from '../cards/look-up-card';
import { lookUpCardsForStaff } from '../cards/look-up-card';
import { viewCardForStaff } from '../cards/view-card';
import type { Actor } from '../contract/caller';
import { findOrderByNumber } from '../orders/order-queries';
import type { SupportContext } from './support-context';

async function findCardViews(context: SupportContext, query: string): Promise<FoundViews> {
  const order = await findOrderByNumber(context.store, query);
  if (order) {
    return { views: [await viewCardForStaff(context, order.card_id)], unansweredPlatforms: [] };
  }
  return lookUpCardsForStaff(context, query);
}

/**
 * Finds the card of an order number, or the cards that a card number means.
 * @throws ApiError `card.number_invalid`, `card.not_found`, `platform.unavailable`, `platform.busy`
 */
export async function searchCards(
  context: SupportContext,
  actor: Actor,
  query: string,
): Promise<ApiResponse<'GET /support/cards'>> {
  await recordAudit(context, actor, { action: 'card.search', subject: query });
  const { views, unansweredPlatforms } = await findCardViews(context, query);
  const { language } = actor;
  const items = views.map((view) => presentCard(view, { language, showNumbers: true }));
  return { items, unansweredPlatforms };
}
