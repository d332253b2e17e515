import { parseCardNumber } from '@shared/card-number';
import type { Card, Order } from '@shared/contract';
import type { Language } from '@shared/language';
import type { CardView } from '../cards/card-presenter';
import { presentCard } from '../cards/card-presenter';
import type { CardService } from '../cards/card-service';
import { eventLabel } from '../orders/order-events';
import { presentOrder } from '../orders/order-presenter';
import { findOrder, findOrderByNumber, listEvents } from '../orders/order-queries';
import { listUpstream } from '../orders/upstream-log';
import { RequestRefused } from '../problem';
import { rfc3339 } from '../rfc3339';
import { newId } from '../store/ids';
import type { OrderRow } from '../store/schema';
import type { Store } from '../store/sqlite';
import type { StaffAuth } from './staff-sessions';
import type { OrderSearch } from './support-queries';
import { listNotifications, listOrdersOfCard, searchOrders } from './support-queries';

/** Who looks, for the audit table. */
export interface Looker {
  auth: StaffAuth;
  requestId: string;
  language: Language;
}

const ORDERS_OF_CARD = 50;

/** What staff can see. Every look is written down before anything is shown. */
export function createSupportService({
  store,
  clock,
  cards,
}: {
  store: Store;
  clock: () => number;
  cards: CardService;
}) {
  async function audit({ auth, requestId }: Looker, action: string, subject: string) {
    await store
      .insertInto('audit')
      .values({
        id: newId(),
        at: clock(),
        staff_id: auth.staffId,
        action,
        subject,
        request_id: requestId,
      })
      .execute();
  }

  async function presentOrders(orders: OrderRow[], language: Language): Promise<Order[]> {
    const events = await listEvents(
      store,
      orders.map(({ id }) => id),
    );
    const now = clock();
    return orders.map((order) =>
      presentOrder(order, events.get(order.id) ?? [], { language, now, showNumbers: true }),
    );
  }

  function present(view: CardView, language: Language): Card {
    return presentCard(view, { language, showNumbers: true });
  }

  async function findCards(looker: Looker, query: string): Promise<Card[]> {
    await audit(looker, 'card.search', query);
    const order = await findOrderByNumber(store, query);
    if (order) return [present(await cards.viewForStaff(order.card_id), looker.language)];
    const number = parseCardNumber(query);
    if (!number) throw new RequestRefused('card.number_invalid');
    const found = await cards.searchForStaff(number);
    if (found.length === 0) throw new RequestRefused('card.not_found');
    return found.map((view) => present(view, looker.language));
  }

  async function viewCard(looker: Looker, cardId: string) {
    await audit(looker, 'card.view', cardId);
    const view = await cards.viewForStaff(cardId);
    const fetchedAt = rfc3339(view.fetchedAt);
    const orders = await listOrdersOfCard(store, cardId, ORDERS_OF_CARD);
    return {
      card: present(view, looker.language),
      raw: view.report.raw.map(({ operation, answer }) => ({ operation, fetchedAt, answer })),
      orders: await presentOrders(orders, looker.language),
    };
  }

  async function findOrders(looker: Looker, search: OrderSearch) {
    await audit(looker, 'order.search', search.query ?? '');
    const orders = await searchOrders(store, search);
    const page = orders.slice(0, search.limit);
    return {
      items: await presentOrders(page, looker.language),
      nextCursor: orders.length > search.limit ? (page.at(-1)?.id ?? null) : null,
    };
  }

  async function viewOrder(looker: Looker, orderId: string) {
    await audit(looker, 'order.view', orderId);
    const order = await findOrder(store, orderId);
    if (!order) throw new RequestRefused('order.not_found');
    const [presented] = await presentOrders([order], looker.language);
    if (!presented) throw new RequestRefused('order.not_found');
    return {
      order: presented,
      userId: order.user_id,
      timeline: await timeline(order, looker.language),
    };
  }

  /** Everything that happened to an order, from three append-only tables, oldest first. */
  async function timeline(order: OrderRow, language: Language) {
    const [events, calls, notifications] = await Promise.all([
      listEvents(store, [order.id]),
      listUpstream(store, order.id),
      listNotifications(store, order.id),
    ]);
    const entries = [
      ...(events.get(order.id) ?? []).map(({ at, type, detail }) => ({
        at,
        kind: 'state' as const,
        title: eventLabel(type, language),
        detail,
      })),
      ...calls.map(({ at, operation, outcome }) => ({
        at,
        kind: 'upstream' as const,
        title: operation,
        detail: outcome,
      })),
      ...notifications.map(({ received_at: at, channel, event, deliveries }) => ({
        at,
        kind: 'notification' as const,
        title: `${channel}: ${event}`,
        detail: deliveries > 1 ? `×${String(deliveries)}` : null,
      })),
    ];
    return entries
      .sort((a, b) => a.at - b.at)
      .map((entry) => ({ ...entry, at: rfc3339(entry.at) }));
  }

  return { findCards, viewCard, findOrders, viewOrder };
}

export type SupportService = ReturnType<typeof createSupportService>;
