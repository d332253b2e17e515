import { faultCode } from './fault-code';
import { notificationId } from './ids';
import { isLoopback, postJson, type OutboundAnswer } from './outbound';
import type { Notification, NotificationEvent, PlatformOrder } from './state';
import type { World } from './world';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** A receiver has five seconds to answer (微信支付, 支付结果通知). */
const ANSWER_TIMEOUT_MS = 5 * SECOND_MS;

/** WeChat's waits between attempts: 15s/15s/30s/3m/10m/20m/30m/30m/30m/60m/3h/3h/3h/6h/6h. */
export const retryWaits: readonly number[] = [
  15 * SECOND_MS,
  15 * SECOND_MS,
  30 * SECOND_MS,
  3 * MINUTE_MS,
  10 * MINUTE_MS,
  20 * MINUTE_MS,
  30 * MINUTE_MS,
  30 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  3 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  6 * HOUR_MS,
];

/** Tells the merchant that something became of an order. */
export type Notify = (order: PlatformOrder, event: NotificationEvent, at: number) => void;

interface Attempt {
  taken: boolean;
  result: string;
}

function acknowledges({ status, body }: OutboundAnswer): boolean {
  if (status !== 200) return false;
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null && 'code' in answer && answer.code === 200;
  } catch {
    return false;
  }
}

function readAnswer(answer: OutboundAnswer): Attempt {
  if (acknowledges(answer)) return { taken: true, result: '已确认' };
  const reason = answer.status === 200 ? '未按约定应答' : '状态码不是 200';
  return { taken: false, result: `HTTP ${String(answer.status)}，${reason}` };
}

function readFailure(fault: unknown): Attempt {
  const code = faultCode(fault);
  const result = code === 'ABORT_ERR' ? '5 秒内没有应答' : `连接失败 ${code}`.trim();
  return { taken: false, result };
}

async function knock(world: World, notification: Notification): Promise<Attempt> {
  if (world.state.faults.loseNotifications) return { taken: false, result: '途中丢失（故障开关）' };
  if (!isLoopback(notification.url)) {
    return { taken: false, result: '未发送：沙箱只通知本机地址' };
  }
  const { event, outTradeNo, orderNo } = notification;
  const body = { event, outTradeNo, orderNo };
  const limits = { timeoutMs: ANSWER_TIMEOUT_MS, signal: world.closing };
  return postJson(notification.url, body, limits).then(readAnswer, readFailure);
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

/** Queues a notification; its first attempt is due at once. */
export function createNotify(world: World): Notify {
  return (order, event, at) => {
    const notification: Notification = {
      id: notificationId(),
      event,
      outTradeNo: order.outTradeNo,
      orderNo: order.orderNo,
      url: order.notifyUrl,
      state: 'pending',
      nextAttemptAt: at,
      attempts: [],
    };
    world.state.notifications.push(notification);
    attemptAt(world, notification, at, false);
    if (world.state.faults.doubleNotifications) {
      attemptAt(world, notification, at + SECOND_MS, true);
    }
  };
}

/** Makes one attempt and, where it was not acknowledged, plans the next by WeChat's schedule. */
export async function attemptNotification(
  world: World,
  due: { notificationId: string; extra: boolean; at: number },
): Promise<void> {
  const notification = world.state.notifications.findLast(({ id }) => id === due.notificationId);
  if (!notification) return;
  const { taken, result } = await knock(world, notification);
  if (world.closing.aborted) {
    // Cut short by our own closing: it stays due for whoever loads this state.
    attemptAt(world, notification, due.at, due.extra);
    return;
  }
  notification.attempts.push({ at: due.at, extra: due.extra, taken, result });
  if (!due.extra) settle(world, notification, taken, due.at);
}
