import type { ApiResponse } from '@shared/contract';
import { recordAudit } from '../accounts/audit-queries';
import { countOpenAlerts, listOpenAlerts } from '../alerts/alert-queries';
import type { Actor } from '../contract/caller';
import { presentAlert } from './money-presenter';
import { countOpenOrders, countOpenRefunds, findOrderNumbers } from './overview-queries';
import type { StoreAndClock } from './support-context';

const MAX_ALERTS = 50;

/** The open alerts, oldest first, and the number of open orders and refunds. */
export async function readOverview(
  context: StoreAndClock,
  actor: Actor,
): Promise<ApiResponse<'GET /support/overview'>> {
  const { store } = context;
  await recordAudit(context, actor, { action: 'overview.view', subject: '' });
  const [counts, alerts, byState, openRefunds] = await Promise.all([
    countOpenAlerts(store),
    listOpenAlerts(store, MAX_ALERTS),
    countOpenOrders(store),
    countOpenRefunds(store),
  ]);
  const orders = await findOrderNumbers(
    store,
    alerts.map(({ subject }) => subject),
  );
  return {
    alerts: {
      open: [...counts.values()].reduce((sum, count) => sum + count, 0),
      byKind: Object.fromEntries(counts),
      items: alerts.map((alert) => ({
        ...presentAlert(alert),
        subject: alert.subject,
        orderId: orders.get(alert.subject)?.id ?? null,
        orderNumber: orders.get(alert.subject)?.number ?? null,
      })),
    },
    orders: { byState },
    refunds: { open: openRefunds },
  };
}
