import { raiseAlert, resolveAlertsOfKey } from '../alerts/alert-queries';
import type { OrderAdvancer } from '../fulfilment/advance-order';
import { findOrderByNumber } from '../orders/order-queries';
import type { OrderContext } from '../orders/order-context';
import { findCapture } from '../orders/capture-queries';
import { syncTransaction } from '../payments/sync-payment';
import { PlatformUnavailable } from '../platforms/ports';
import { listRefunds } from '../refunds/refund-queries';
import type { NotificationRow, OrderRow } from '../store/schema';
import { findNotification, markHandled } from './notification-queries';

const RETRY_MS = 4_000;

interface NotificationJobParts {
  context: OrderContext;
  advancer: OrderAdvancer;
  syncRefund: (refundId: string) => Promise<number | null>;
}

/**
 * The job behind a stored notification. A notification proves nothing: it is the reason to ask the
 * channel, whose answer is what counts.
 * @returns when to try again, in ms from now, or null once its order was looked at
 */
export function createNotificationJob({ context, advancer, syncRefund }: NotificationJobParts) {
  const { store, clock, log } = context;

  /**
   * An order asked about by number shows one payment: a second one is asked about by its own.
   * @returns whether nothing is left to book
   */
  async function syncNamedPayment(
    order: OrderRow,
    { transaction_id: id }: NotificationRow,
  ): Promise<boolean> {
    if (id === null || (await findCapture(store, order.channel, id))) return true;
    const isRecorded = await syncTransaction(context, order, id);
    await advancer.advance(order.id);
    return isRecorded;
  }

  /** @returns whether nothing is left to do */
  async function processNotification(
    notification: NotificationRow,
    order: OrderRow,
  ): Promise<boolean> {
    if (notification.kind === 'refund') {
      for (const refund of await listRefunds(store, order.id)) await syncRefund(refund.id);
      return true;
    }
    const current = (await advancer.advance(order.id)) ?? order;
    return notification.kind !== 'payment' || syncNamedPayment(current, notification);
  }

  async function raiseUnknownOrderAlert({ channel, order_number: subject }: NotificationRow) {
    log.error({ order: subject, channel }, 'the channel tells of an order that is not ours');
    await raiseAlert(store, { kind: 'orderMissing', subject, detail: channel, now: clock() });
  }

  return async function handle(notificationId: string): Promise<number | null> {
    const notification = await findNotification(store, notificationId);
    if (!notification) return null;
    const order = await findOrderByNumber(store, notification.order_number);
    try {
      if (order?.channel !== notification.channel) await raiseUnknownOrderAlert(notification);
      else if (!(await processNotification(notification, order))) return RETRY_MS;
    } catch (error) {
      if (!(error instanceof PlatformUnavailable)) throw error;
      log.warn({ err: error, order: notification.order_number }, 'the channel did not answer');
      return RETRY_MS;
    }
    await markHandled(store, notificationId, clock());
    await resolveAlertsOfKey(store, notificationId, clock(), ['jobStuck']);
    return null;
  };
}
