import { scheduleJob } from '../jobs/job-queries';
import { findOrderByNumber } from '../orders/order-queries';
import type { Gateways } from '../platforms/payment-gateways';
import type { ChannelNotification, RawNotification } from '../platforms/ports';
import { ApiError } from '../lib/api-error';
import { createGroupCommit } from '../store/group-commit';
import type { Store } from '../store/store';
import { countNotifications, storeNotification } from './notification-queries';

export const NOTIFICATION_JOB = 'notification';

/**
 * Where a channel does not sign, anybody can knock, under names of their own making, and every knock
 * asks the platform something: after these for an order, the clock alone does, and nothing more is kept.
 */
const MAX_UNSIGNED_NOTIFICATIONS = 20;

export type NotificationResult = 'taken' | 'repeated' | 'unknownOrder';

export interface NotificationService {
  /**
   * Checks a notification and stores it once, however often it comes. What it tells of is done by a
   * job: its sender waits for no more than this.
   * @throws ApiError `notification.*`
   */
  receive(channel: string, raw: RawNotification): Promise<NotificationResult>;
}

/** Takes what the payment channels tell us. */
export function createNotificationService({
  store,
  clock,
  gateways,
}: {
  store: Store;
  clock: () => number;
  gateways: Gateways;
}): NotificationService {
  const groupCommit = createGroupCommit(store);

  async function read(channel: string, raw: RawNotification): Promise<ChannelNotification> {
    const gateway = gateways.find(channel);
    if (!gateway) throw new ApiError('request.route_not_found');
    const reading = await gateway.readNotification(raw);
    if (reading.outcome === 'taken') return reading.notification;
    throw new ApiError(reading.reason, { cause: reading.message });
  }

  function storeAndSchedule(channel: string, notification: ChannelNotification) {
    const now = clock();
    return groupCommit(async (tx): Promise<NotificationResult> => {
      const { signed, orderNumber } = notification;
      if (!signed && (await countNotifications(tx, orderNumber)) >= MAX_UNSIGNED_NOTIFICATIONS)
        return 'repeated';
      const row = await storeNotification(tx, channel, notification, now);
      const repeated = row.deliveries > 1;
      // What is signed is told once; an unsigned knock may be somebody's, and the next the platform's.
      if (!repeated || !signed) {
        await scheduleJob(tx, { kind: NOTIFICATION_JOB, subjectId: row.id, runAt: now });
      }
      return repeated ? 'repeated' : 'taken';
    });
  }

  return {
    receive: async (channel, raw) => {
      const notification = await read(channel, raw);
      if (!notification.signed) {
        const order = await findOrderByNumber(store, notification.orderNumber);
        if (order?.channel !== channel) return 'unknownOrder';
      }
      return storeAndSchedule(channel, notification);
    },
  };
}
