import { parseCardNumber } from '@shared/card-number';
import type { Card, Order } from '@shared/contract';
import type { Language } from '@shared/language';
import { listOpenAlertsOf } from '../alerts/alert-queries';
import type { CardView } from '../cards/card-presenter';
import { presentCard } from '../cards/card-presenter';
import type { CardService } from '../cards/card-service';
import { presentOrder } from '../orders/order-presenter';
import { findOrder, findOrderByNumber, listEvents } from '../orders/order-queries';
import { listCaptures } from '../payments/captures';
import { RequestRefused } from '../problem';
import { listRefunds } from '../refunds/refund-queries';
import { rfc3339 } from '../rfc3339';
import type { OrderRow } from '../store/schema';
import type { Store } from '../store/store';
import type { Audit, Looker } from './audit';
import { presentAlert, presentCapture, presentRefund } from './order-money';
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
    const events = await listEvents(
      store,
      orders.map(({ id }) => id),
    );
    return orders.map((order) => presentOrder(order, events.get(order.id) ?? [], view(language)));
  }

  async function eventsOf({ id }: OrderRow) {
    return (await listEvents(store, [id])).get(id) ?? [];
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
    const [captures, refunds, alerts, timeline] = await Promise.all([
      listCaptures(store, orderId),
      listRefunds(store, orderId),
      listOpenAlertsOf(store, orderId),
      readTimeline(store, order, looker.language),
    ]);
    return {
      order: presentOrder(order, await eventsOf(order), view(looker.language)),
      userId: order.user_id,
      captures: captures.map(presentCapture),
      refunds: refunds.map(presentRefund),
      alerts: alerts.map(presentAlert),
      timeline,
    };
  }

  /** What waits for a person, and what is under way. */
  async function overview(looker: Looker) {
    await audit(looker, 'overview.view', '');
    return readOverview(store);
  }

  async function resolve(looker: Looker, orderId: string, resolution: Resolution) {
    const resolved = await resolveOrder(looker, orderId, resolution);
    return presentOrder(resolved, await eventsOf(resolved), view(looker.language));
  }

  return { findCards, viewCard, findOrders, viewOrder, overview, resolve, refund };
}

export type SupportService = ReturnType<typeof createSupportService>;
