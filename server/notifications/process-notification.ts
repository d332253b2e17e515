import { raiseAlert, resolveAlertsOfKey } from '../alerts/alert-queries';
import { advanceOrder } from '../fulfilment/advance-order';
import type { FulfilmentContext } from '../fulfilment/fulfilment-context';
import { findCapture } from '../orders/capture-queries';
import { findOrderByNumber } from '../orders/order-queries';
import { syncTransaction } from '../payments/sync-payment';
import { PlatformUnavailable } from '../platforms/ports';
import { recordChannelRefund } from '../refunds/record-channel-refund';
import { listRefunds } from '../refunds/refund-queries';
import { syncRefund } from '../refunds/sync-refund';
import type { NotificationRow, OrderRow } from '../store/schema';
import { findNotification, markHandled } from './notification-queries';

const RETRY_MS = 4_000;

/**
 * The job of a stored notification. A notification proves nothing: it triggers a query to the channel,
 * whose answer counts.
 * @returns when to try again, in ms from now; null once it has been processed
 */
export async function processNotification(
  context: FulfilmentContext,
  notificationId: string,
): Promise<number | null> {
  const { store, clock } = context;
  const notification = await findNotification(store, notificationId);
  if (!notification) return null;
  if (!(await tryProcess(context, notification))) return RETRY_MS;
  await markHandled(store, notificationId, clock());
  await resolveAlertsOfKey(store, notificationId, clock(), ['jobStuck']);
  return null;
}

/** @returns whether nothing is left to do */
async function tryProcess(
  context: FulfilmentContext,
  notification: NotificationRow,
): Promise<boolean> {
  const { store, log } = context;
  const order = await findOrderByNumber(store, notification.order_number);
  if (order?.channel !== notification.channel) {
    await raiseUnknownOrderAlert(context, notification);
    return true;
  }
  try {
    return await syncNotifiedOrder(context, notification, order);
  } catch (error) {
    if (!(error instanceof PlatformUnavailable)) throw error;
    log.warn({ err: error, order: notification.order_number }, 'the channel did not answer');
    return false;
  }
}

/** @returns whether nothing is left to do */
async function syncNotifiedOrder(
  context: FulfilmentContext,
  notification: NotificationRow,
  order: OrderRow,
): Promise<boolean> {
  if (notification.kind === 'refund') return syncNotifiedRefund(context, notification, order);
  const current = (await advanceOrder(context, order.id)) ?? order;
  return notification.kind !== 'payment' || syncNotifiedPayment(context, current, notification);
}

/** @returns whether nothing is left to do */
async function syncNotifiedRefund(
  context: FulfilmentContext,
  { refund_number: number, transaction_id: transactionId }: NotificationRow,
  order: OrderRow,
): Promise<boolean> {
  for (const refund of await listRefunds(context.store, order.id))
    await syncRefund(context, refund.id);
  if (number === null) return true;
  const result = await recordChannelRefund(context, order, number);
  if (result === 'done' || transactionId === null) return true;
  // The channel refunded the payment before we knew of it.
  const current = (await advanceOrder(context, order.id)) ?? order;
  if (!(await syncTransaction(context, current, transactionId))) return false;
  await recordChannelRefund(context, current, number);
  return true;
}

/**
 * Records the transaction that a notification names. A query by order number returns only one payment, so
 * a second one is queried by its transaction.
 * @returns whether nothing is left to record
 */
async function syncNotifiedPayment(
  context: FulfilmentContext,
  order: OrderRow,
  { transaction_id: id }: NotificationRow,
): Promise<boolean> {
  if (id === null || (await findCapture(context.store, order.channel, id))) return true;
  const isRecorded = await syncTransaction(context, order, id);
  await advanceOrder(context, order.id);
  return isRecorded;
}

async function raiseUnknownOrderAlert(
  { store, clock, log }: FulfilmentContext,
  { channel, order_number: subject }: NotificationRow,
): Promise<void> {
  log.error({ order: subject, channel }, 'the channel notified us of an unknown order');
  await raiseAlert(store, { kind: 'orderMissing', subject, detail: channel, now: clock() });
}
