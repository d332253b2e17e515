import { faultCode } from './fault-code';
import {
  ANSWER_TIMEOUT_MS,
  COPY_AFTER_MS,
  HOLD_BACK_MS,
  retryWaits,
} from './notification-schedule';
import { isLoopback, postJson, type OutboundAnswer, type Outgoing } from './outbound';
import type { Notification } from './state';
import type { World } from './world';

/** What is wrong with an attempt on purpose. */
export type Disguise = Notification['attempts'][number]['disguise'];

/** How a channel words its notifications, and what it takes for an acknowledgement. */
export interface Courier {
  /** Makes a notification ready for one attempt. */
  seal(notification: Notification, disguise: Disguise): Outgoing;
  acknowledges(answer: OutboundAnswer): boolean;
}

export type Couriers = Readonly<Record<Notification['channel'], Courier>>;

interface Attempt {
  taken: boolean;
  result: string;
}

function readAnswer(courier: Courier, answer: OutboundAnswer): Attempt {
  if (courier.acknowledges(answer)) return { taken: true, result: '已确认' };
  const reason = answer.status === 200 ? '未按约定应答' : '未确认';
  return { taken: false, result: `HTTP ${String(answer.status)}，${reason}` };
}

function readFailure(fault: unknown): Attempt {
  const code = faultCode(fault);
  const result = code === 'ABORT_ERR' ? '5 秒内没有应答' : `连接失败 ${code}`.trim();
  return { taken: false, result };
}

async function knock(
  world: World,
  courier: Courier,
  notification: Notification,
  disguise: Disguise,
): Promise<Attempt> {
  if (world.state.faults.loseNotifications) return { taken: false, result: '途中丢失（故障开关）' };
  if (!isLoopback(notification.url)) {
    return { taken: false, result: '未发送：沙箱只通知本机地址' };
  }
  const limits = { timeoutMs: ANSWER_TIMEOUT_MS, signal: world.closing };
  const envelope = courier.seal(notification, disguise);
  return postJson(notification.url, envelope, limits).then(
    (answer) => readAnswer(courier, answer),
    readFailure,
  );
}

function settle(world: World, notification: Notification, taken: boolean, at: number) {
  const made = notification.attempts.filter(({ extra }) => !extra).length;
  const wait = retryWaits[made - 1];
  notification.nextAttemptAt = null;
  if (taken) {
    notification.state = 'taken';
  } else if (wait === undefined) {
    notification.state = 'givenUp';
  } else {
    notification.nextAttemptAt = at + wait;
    attemptAt(world, notification, at + wait, false);
  }
}

function attemptAt(world: World, { id }: Notification, at: number, extra: boolean) {
  world.schedule({ kind: 'notify', at, notificationId: id, extra });
}

/** When the first attempt is made: at once, or later, so that the next notification gets there first. */
function firstAttemptAt(world: World, at: number): number {
  if (!world.state.faults.reorderNotifications) return at;
  const before = world.notifications.all.at(-1);
  const isHeldBack = before?.attempts.length === 0 && (before.nextAttemptAt ?? 0) > at;
  return isHeldBack ? at : at + HOLD_BACK_MS;
}

type News = Omit<Notification, 'state' | 'nextAttemptAt' | 'attempts' | 'createdAt'>;

/** Queues a notification; its first attempt is due at once. */
export function queueNotification(world: World, at: number, news: News): void {
  const first = firstAttemptAt(world, at);
  const notification: Notification = {
    ...news,
    createdAt: at,
    state: 'pending',
    nextAttemptAt: first,
    attempts: [],
  };
  world.notifications.add(notification);
  attemptAt(world, notification, first, false);
  if (world.state.faults.doubleNotifications) {
    attemptAt(world, notification, first + COPY_AFTER_MS, true);
  }
}

/** What goes before the attempt itself, under the faults of these names. */
function disguisesOf(world: World, { channel }: Notification): Disguise[] {
  const { signatureProbes, forgedNotifications } = world.state.faults;
  const before: Disguise[] = [];
  if (channel === 'wechatpay' && signatureProbes) before.push('probe');
  if (channel === 'wechatpay' && forgedNotifications) before.push('forgery');
  return before;
}

interface Due {
  notificationId: string;
  extra: boolean;
  at: number;
}

/** Makes one attempt and, where it was not acknowledged, plans the next by WeChat's schedule. */
export async function attemptNotification(
  world: World,
  couriers: Couriers,
  due: Due,
): Promise<void> {
  const notification = world.notifications.find(due.notificationId);
  if (!notification) return;
  const courier = couriers[notification.channel];
  for (const disguise of disguisesOf(world, notification)) {
    const attempt = await knock(world, courier, notification, disguise);
    notification.attempts.push({ at: due.at, extra: true, disguise, ...attempt });
  }
  const { taken, result } = await knock(world, courier, notification, null);
  if (world.closing.aborted) {
    // Cut short by our own closing: it stays due for whoever loads this state.
    attemptAt(world, notification, due.at, due.extra);
    return;
  }
  notification.attempts.push({ at: due.at, extra: due.extra, disguise: null, taken, result });
  if (!due.extra) settle(world, notification, taken, due.at);
}
