import type { ApiResponse } from '@shared/contract';
import { orderStates } from '@shared/order-state';
import type { AlertRow } from '../store/schema';
import type { Store } from '../store/store';
import { countOpenAlerts, listOpenAlerts } from '../alerts/alert-queries';
import { isFinal } from '../orders/order-state';
import { presentAlert } from './money-presenter';

type Overview = ApiResponse<'GET /support/overview'>;

const MAX_ALERTS = 50;
const openStates = orderStates.filter((state) => !isFinal(state));

/** How many orders are in each state that is not at rest; states without any are left out. */
export async function countOpenOrders(store: Store): Promise<Overview['orders']['byState']> {
  const rows = await store
    .selectFrom('orders')
    .select(['state', (eb) => eb.fn.countAll<number>().as('count')])
    .where('state', 'in', openStates)
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

async function countOpenRefunds(store: Store): Promise<number> {
  const { open } = await store
    .selectFrom('refunds')
    .select((eb) => eb.fn.countAll<number>().as('open'))
    .where('state', 'in', ['requested', 'waiting', 'processing', 'failed'])
    .executeTakeFirstOrThrow();
  return open;
}

/** The numbers of the orders that alerts are about, by the subject that names them. */
async function findAlertOrders(store: Store, alerts: readonly AlertRow[]) {
  const subjects = alerts.map(({ subject }) => subject);
  if (subjects.length === 0) return new Map<string, { id: string; number: string }>();
  const rows = await store
    .selectFrom('orders')
    .select(['id', 'number'])
    .where('id', 'in', subjects)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** What waits for a person, oldest first, and how much is under way. */
export async function readOverview(store: Store): Promise<Overview> {
  const [counts, alerts, byState, openRefunds] = await Promise.all([
    countOpenAlerts(store),
    listOpenAlerts(store, MAX_ALERTS),
    countOpenOrders(store),
    countOpenRefunds(store),
  ]);
  const orders = await findAlertOrders(store, alerts);
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
