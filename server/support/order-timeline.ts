import type { ApiResponse } from '@shared/contract';
import type { Language } from '@shared/language';
import { listNotifications } from '../notifications/notification-queries';
import { eventLabel } from '../orders/order-events';
import { listOrderEvents } from '../orders/order-queries';
import { listUpstreamCalls } from '../orders/upstream-call-queries';
import { BILL_NOTIFICATION_PREFIX } from '../reconciliation/record-comparison';
import { rfc3339 } from '../lib/rfc3339';
import type { NotificationRow, OrderRow } from '../store/schema';
import type { Store } from '../store/store';

type Timeline = ApiResponse<'GET /support/orders/:orderId'>['timeline'];

/**
 * The timeline of an order, oldest first: its state changes, the calls to platforms and the notifications,
 * from three append-only tables.
 */
export async function readTimeline(
  store: Store,
  order: OrderRow,
  language: Language,
): Promise<Timeline> {
  const [events, calls, notifications] = await Promise.all([
    listOrderEvents(store, [order.id]),
    listUpstreamCalls(store, order.id),
    listNotifications(store, order.number),
  ]);
  const entries = [
    ...(events.get(order.id) ?? []).map((event) => ({
      at: event.at,
      kind: 'state' as const,
      title: eventLabel(event, language),
      detail: event.detail,
    })),
    ...calls.map(({ at, operation, outcome }) => ({
      at,
      kind: 'upstream' as const,
      title: operation,
      detail: outcome,
    })),
    ...notifications.map((notification) => ({
      at: notification.received_at,
      kind: 'notification' as const,
      title: titleOf(notification),
      detail: notification.deliveries > 1 ? `×${String(notification.deliveries)}` : null,
    })),
  ];
  return entries.sort((a, b) => a.at - b.at).map((entry) => ({ ...entry, at: rfc3339(entry.at) }));
}

/** Payments that only the channel's bill reports are processed like notifications; they are marked. */
function titleOf({ channel, kind, external_id: externalId }: NotificationRow): string {
  return `${channel}: ${externalId.startsWith(BILL_NOTIFICATION_PREFIX) ? 'bill, ' : ''}${kind}`;
}
