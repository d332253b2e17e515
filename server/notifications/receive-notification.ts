import { scheduleJob } from '../jobs/job-queries';
import { ApiError } from '../lib/api-error';
import type { StoreAndClock } from '../orders/order-context';
import { findOrderByNumber } from '../orders/order-queries';
import type { Gateways } from '../platforms/payment-gateways';
import type { ChannelNotification, RawNotification } from '../platforms/ports';
import { createGroupCommit } from '../store/group-commit';
import type { Tx } from '../store/store';
import { countNotifications, storeNotification } from './notification-queries';

/** The kind of the jobs that process notifications. Their subject is the notification's id. */
export const NOTIFICATION_JOB = 'notification';

/**
 * Anyone can send unsigned notifications, each with a new name, and each one causes a query to the
 * platform. After so many for one order, no more are stored and only the order's own checks query it.
 */
const MAX_UNSIGNED_NOTIFICATIONS = 20;

type NotificationResult = 'taken' | 'repeated' | 'unknownOrder';

/** The receiver of the payment channels' notifications, as HTTP uses it. */
export interface NotificationService {
  /** See `receiveNotification`. */
  receive(channel: string, raw: RawNotification): Promise<NotificationResult>;
}

interface NotificationContext extends StoreAndClock {
  gateways: Gateways;
  groupCommit: ReturnType<typeof createGroupCommit>;
}

export function createNotificationService(
  parts: StoreAndClock & { gateways: Gateways },
): NotificationService {
  const context: NotificationContext = { ...parts, groupCommit: createGroupCommit(parts.store) };
  return {
    receive: (channel, raw) => receiveNotification(context, channel, raw),
  };
}

/**
 * Verifies a notification, stores it once however often it is delivered, and schedules the job that
 * processes it. The sender waits for nothing else.
 * @throws ApiError `notification.*`; `request.route_not_found` for an unknown channel
 */
async function receiveNotification(
  context: NotificationContext,
  channel: string,
  raw: RawNotification,
): Promise<NotificationResult> {
  const { store, gateways, groupCommit } = context;
  const notification = await verify(gateways, channel, raw);
  if (!notification.signed) {
    const order = await findOrderByNumber(store, notification.orderNumber);
    if (order?.channel !== channel) return 'unknownOrder';
  }
  const now = context.clock();
  return groupCommit((tx) => storeAndSchedule(tx, channel, { notification, now }));
}

async function verify(
  gateways: Gateways,
  channel: string,
  raw: RawNotification,
): Promise<ChannelNotification> {
  const gateway = gateways.find(channel);
  if (!gateway) throw new ApiError('request.route_not_found');
  const result = await gateway.readNotification(raw);
  if (result.outcome === 'taken') return result.notification;
  throw new ApiError(result.reason, { cause: result.message });
}

async function storeAndSchedule(
  tx: Tx,
  channel: string,
  { notification, now }: { notification: ChannelNotification; now: number },
): Promise<NotificationResult> {
  const { signed, orderNumber } = notification;
  if (!signed && (await countNotifications(tx, orderNumber)) >= MAX_UNSIGNED_NOTIFICATIONS)
    return 'repeated';
  const row = await storeNotification(tx, channel, notification, now);
  const isRepeated = row.deliveries > 1;
  // An unsigned notification may be forged, and the next one with the same name may be the platform's.
  if (!isRepeated || !signed)
    await scheduleJob(tx, { kind: NOTIFICATION_JOB, subjectId: row.id, runAt: now });
  return isRepeated ? 'repeated' : 'taken';
}
