import type { Card } from '@shared/contract';
import { recordAudit } from '../accounts/audit-queries';
import { presentCard } from '../cards/card-presenter';
import type { CardView } from '../cards/card-view';
import { lookUpCardsForStaff } from '../cards/look-up-card';
import { viewCardForStaff } from '../cards/view-card';
import type { Actor } from '../contract/caller';
import { findOrderByNumber } from '../orders/order-queries';
import type { SupportContext } from './support-context';

async function findCardViews(context: SupportContext, query: string): Promise<CardView[]> {
  const order = await findOrderByNumber(context.store, query);
  if (order) return [await viewCardForStaff(context, order.card_id)];
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
): Promise<Card[]> {
  await recordAudit(context, actor, { action: 'card.search', subject: query });
  const views = await findCardViews(context, query);
  const { language } = actor;
  return views.map((view) => presentCard(view, { language, showNumbers: true }));
}
