import { errorCode } from './error-code';
import {
  RESPONSE_TIMEOUT_MS,
  DUPLICATE_DELAY_MS,
  REORDER_DELAY_MS,
  retryDelaysMs,
} from './notification-schedule';
import { isLoopback, postJson, type OutboundResponse, type OutboundRequest } from './outbound-http';
import type { Notification } from './state';
import type { Simulator } from './simulator';

/** The deliberate fault of an attempt. */
export type Tampering = Notification['attempts'][number]['disguise'];

/** The format of a channel's notifications and of their acknowledgement. */
export interface NotificationFormat {
  /** Builds the request of one attempt. */
  toRequest(notification: Notification, tampering: Tampering): OutboundRequest;
  isAcknowledgement(answer: OutboundResponse): boolean;
}

export type NotificationFormats = Readonly<Record<Notification['channel'], NotificationFormat>>;

interface Attempt {
  taken: boolean;
  result: string;
}

function readAnswer(format: NotificationFormat, answer: OutboundResponse): Attempt {
  if (format.isAcknowledgement(answer)) return { taken: true, result: '已确认' };
  const reason = answer.status === 200 ? '未按约定应答' : '未确认';
  return { taken: false, result: `HTTP ${String(answer.status)}，${reason}` };
}

function readFailure(error: unknown): Attempt {
  const code = errorCode(error);
  const result = code === 'ABORT_ERR' ? '5 秒内没有应答' : `连接失败 ${code}`.trim();
  return { taken: false, result };
}

async function sendAttempt(
  simulator: Simulator,
  format: NotificationFormat,
  notification: Notification,
  tampering: Tampering,
): Promise<Attempt> {
  if (simulator.state.faults.loseNotifications)
    return { taken: false, result: '途中丢失（故障开关）' };
  if (!isLoopback(notification.url)) {
    return { taken: false, result: '未发送：沙箱只通知本机地址' };
  }
  const limits = { timeoutMs: RESPONSE_TIMEOUT_MS, signal: simulator.closing };
  const request = format.toRequest(notification, tampering);
  return postJson(notification.url, request, limits).then(
    (answer) => readAnswer(format, answer),
    readFailure,
  );
}

function recordAttemptResult(
  simulator: Simulator,
  notification: Notification,
  isAcknowledged: boolean,
  at: number,
) {
  const attemptCount = notification.attempts.filter(({ extra }) => !extra).length;
  const wait = retryDelaysMs[attemptCount - 1];
  notification.nextAttemptAt = null;
  if (isAcknowledged) {
    notification.state = 'taken';
  } else if (wait === undefined) {
    notification.state = 'givenUp';
  } else {
    notification.nextAttemptAt = at + wait;
    scheduleAttempt(simulator, notification, at + wait, false);
  }
}

function scheduleAttempt(simulator: Simulator, { id }: Notification, at: number, extra: boolean) {
  simulator.schedule({ kind: 'notify', at, notificationId: id, extra });
}

/** When the first attempt is due: now, or later under `reorderNotifications`. */
function firstAttemptAt(simulator: Simulator, at: number): number {
  if (!simulator.state.faults.reorderNotifications) return at;
  const before = simulator.notifications.all.at(-1);
  const isHeldBack = before?.attempts.length === 0 && (before.nextAttemptAt ?? 0) > at;
  return isHeldBack ? at : at + REORDER_DELAY_MS;
}

type NotificationInput = Omit<Notification, 'state' | 'nextAttemptAt' | 'attempts' | 'createdAt'>;

/** Queues a notification; its first attempt is due at once. */
export function queueNotification(
  simulator: Simulator,
  at: number,
  input: NotificationInput,
): void {
  const first = firstAttemptAt(simulator, at);
  const notification: Notification = {
    ...input,
    createdAt: at,
    state: 'pending',
    nextAttemptAt: first,
    attempts: [],
  };
  simulator.notifications.add(notification);
  scheduleAttempt(simulator, notification, first, false);
  if (simulator.state.faults.doubleNotifications) {
    scheduleAttempt(simulator, notification, first + DUPLICATE_DELAY_MS, true);
  }
}

/** The tampered attempts that go first, under `signatureProbes` and `forgedNotifications`. */
function tamperedAttemptsBefore(simulator: Simulator, { channel }: Notification): Tampering[] {
  const { signatureProbes, forgedNotifications } = simulator.state.faults;
  const before: Tampering[] = [];
  if (channel === 'wechatpay' && signatureProbes) before.push('probe');
  if (channel === 'wechatpay' && forgedNotifications) before.push('forgery');
  return before;
}

interface DueAttempt {
  notificationId: string;
  extra: boolean;
  at: number;
}

/** Makes one attempt and schedules the next by WeChat's delays if it was not acknowledged. */
export async function attemptNotification(
  simulator: Simulator,
  formats: NotificationFormats,
  due: DueAttempt,
): Promise<void> {
  const notification = simulator.notifications.find(due.notificationId);
  if (!notification) return;
  const format = formats[notification.channel];
  for (const tampering of tamperedAttemptsBefore(simulator, notification)) {
    const attempt = await sendAttempt(simulator, format, notification, tampering);
    notification.attempts.push({ at: due.at, extra: true, disguise: tampering, ...attempt });
  }
  const { taken: isAcknowledged, result } = await sendAttempt(
    simulator,
    format,
    notification,
    null,
  );
  if (simulator.closing.aborted) {
    // Interrupted by closing the sandbox: it stays due in the saved state.
    scheduleAttempt(simulator, notification, due.at, due.extra);
    return;
  }
  notification.attempts.push({
    at: due.at,
    extra: due.extra,
    disguise: null,
    taken: isAcknowledged,
    result,
  });
  if (!due.extra) recordAttemptResult(simulator, notification, isAcknowledged, due.at);
}
