import type { ApiResponse } from '@shared/contract';
import { recordAudit } from '../accounts/audit-queries';
import { listOpenAlertsOf } from '../alerts/alert-queries';
import type { Actor } from '../contract/caller';
import { ApiError } from '../lib/api-error';
import { listCaptures } from '../orders/capture-queries';
import { findOrder } from '../orders/order-queries';
import { listRefunds } from '../refunds/refund-queries';
import { listPendingSettlements } from '../refunds/settlement-queries';
import { presentAlert, presentCapture, presentRefunds } from './money-presenter';
import { readTimeline } from './order-timeline';
import { presentSupportOrder } from './present-orders';
import type { StoreAndClock } from './support-context';

/** An order with its payments, refunds, alerts and timeline. @throws ApiError `order.not_found` */
export async function viewOrder(
  context: StoreAndClock,
  actor: Actor,
  orderId: string,
): Promise<ApiResponse<'GET /support/orders/:orderId'>> {
  const { store } = context;
  await recordAudit(context, actor, { action: 'order.view', subject: orderId });
  const order = await findOrder(store, orderId);
  if (!order) throw new ApiError('order.not_found');
  const [captures, refunds, alerts, timeline] = await Promise.all([
    listCaptures(store, orderId),
    listRefunds(store, orderId),
    listOpenAlertsOf(store, orderId),
    readTimeline(store, order, actor.language),
  ]);
  const settlements = await listPendingSettlements(
    store,
    refunds.map(({ id }) => id),
  );
  return {
    order: await presentSupportOrder(context, order, actor.language),
    userId: order.user_id,
    captures: captures.map(presentCapture),
    refunds: presentRefunds(refunds, settlements),
    alerts: alerts.map(presentAlert),
    timeline,
  };
}
