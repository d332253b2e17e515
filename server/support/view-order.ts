import { parseCardNumber } from '@shared/card-number';
import type { Card, Order } from '@shared/contract';
import type { Language } from '@shared/language';
import { listOpenAlertsOf } from '../alerts/alert-queries';
import type { CardView } from '../cards/card-presenter';
import { presentCard } from '../cards/card-presenter';
import type { CardService } from '../cards/card-service';
import { presentOrder } from '../orders/order-presenter';
import { findOrder, findOrderByNumber, listOrderEvents } from '../orders/order-queries';
import { listCaptures } from '../orders/capture-queries';
import { ApiError } from '../lib/api-error';
import { listRefunds } from '../refunds/refund-queries';
import { rfc3339 } from '../lib/rfc3339';
import type { OrderRow } from '../store/schema';
import type { Store } from '../store/store';
import type { Actor } from '../contract/caller';
import type { Audit } from '../accounts/audit';
import { presentAlert, presentCapture, presentRefund } from './money-presenter';
import { readTimeline } from './order-timeline';
import { readOverview } from './overview';
import { createStaffRefunds } from './refund-order';
import type { Resolution } from './resolve-order';
import { createOrderResolutions } from './resolve-order';
import type { OrderSearch } from './support-queries';
import { listOrdersOfCard, searchOrders } from './support-queries';

const ORDERS_OF_CARD = 50;

/** What staff can see and do. Everything is written down before it is shown or done. */
export function createSupportService({
  store,
  clock,
  cards,
  audit,
}: {
  store: Store;
  clock: () => number;
  cards: CardService;
  audit: Audit;
}) {
  const refund = createStaffRefunds({ store, clock, audit });
  const resolveOrder = createOrderResolutions({ store, clock, audit, onDelivered: cards.expire });

  function view(language: Language) {
    return { language, now: clock(), showNumbers: true };
  }

  async function presentOrders(orders: OrderRow[], language: Language): Promise<Order[]> {
    const events = await listOrderEvents(
      store,
      orders.map(({ id }) => id),
    );
    return orders.map((order) => presentOrder(order, events.get(order.id) ?? [], view(language)));
  }

  async function eventsOf({ id }: OrderRow) {
    return (await listOrderEvents(store, [id])).get(id) ?? [];
  }

  function present(view: CardView, language: Language): Card {
    return presentCard(view, { language, showNumbers: true });
  }

  async function findCards(actor: Actor, query: string): Promise<Card[]> {
    await audit(actor, 'card.search', query);
    const order = await findOrderByNumber(store, query);
    if (order) return [present(await cards.viewForStaff(order.card_id), actor.language)];
    const number = parseCardNumber(query);
    if (!number) throw new ApiError('card.number_invalid');
    const found = await cards.searchForStaff(number);
    if (found.length === 0) throw new ApiError('card.not_found');
    return found.map((view) => present(view, actor.language));
  }

  async function viewCard(actor: Actor, cardId: string) {
    await audit(actor, 'card.view', cardId);
    const view = await cards.viewForStaff(cardId);
    const fetchedAt = rfc3339(view.fetchedAt);
    const orders = await listOrdersOfCard(store, cardId, ORDERS_OF_CARD);
    return {
      card: present(view, actor.language),
      raw: view.report.raw.map(({ operation, answer }) => ({ operation, fetchedAt, answer })),
      orders: await presentOrders(orders, actor.language),
    };
  }

  async function findOrders(actor: Actor, search: OrderSearch) {
    await audit(actor, 'order.search', search.query ?? '');
    const orders = await searchOrders(store, search);
    const page = orders.slice(0, search.limit);
    return {
      items: await presentOrders(page, actor.language),
      nextCursor: orders.length > search.limit ? (page.at(-1)?.id ?? null) : null,
    };
  }

  async function viewOrder(actor: Actor, orderId: string) {
    await audit(actor, 'order.view', orderId);
    const order = await findOrder(store, orderId);
    if (!order) throw new ApiError('order.not_found');
    const [captures, refunds, alerts, timeline] = await Promise.all([
      listCaptures(store, orderId),
      listRefunds(store, orderId),
      listOpenAlertsOf(store, orderId),
      readTimeline(store, order, actor.language),
    ]);
    return {
      order: presentOrder(order, await eventsOf(order), view(actor.language)),
      userId: order.user_id,
      captures: captures.map(presentCapture),
      refunds: refunds.map(presentRefund),
      alerts: alerts.map(presentAlert),
      timeline,
    };
  }

  /** What waits for a person, and what is under way. */
  async function overview(actor: Actor) {
    await audit(actor, 'overview.view', '');
    return readOverview(store);
  }

  async function resolve(actor: Actor, orderId: string, resolution: Resolution) {
    const resolved = await resolveOrder(actor, orderId, resolution);
    return presentOrder(resolved, await eventsOf(resolved), view(actor.language));
  }

  return { findCards, viewCard, findOrders, viewOrder, overview, resolve, refund };
}

export type SupportService = ReturnType<typeof createSupportService>;
