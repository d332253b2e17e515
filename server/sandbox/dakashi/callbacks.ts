import { notificationId } from '../ids';
import { RESPONSE_TIMEOUT_MS, DUPLICATE_DELAY_MS } from '../notification-schedule';
import { isLoopback, postJson } from '../outbound';
import type { Office } from './office';
import type { Callback } from './state';

/** 如未收到回调将重复回调三次; the waits between are our own. */
const REPEAT_AFTER_MS: readonly number[] = [10_000, 30_000, 60_000];

/** Tells the agent something, unsigned, where an address is configured. */
export function tell({ state, world, schedule }: Office, at: number, news: object): void {
  if (state.callbackUrl === null) return;
  const body = JSON.stringify(news);
  const callback: Callback = { id: notificationId(), url: state.callbackUrl, body, attempts: [] };
  state.callbacks.push(callback);
  schedule('callback', callback.id, at);
  if (world.state.faults.doubleNotifications) {
    schedule('callbackCopy', callback.id, at + DUPLICATE_DELAY_MS);
  }
}

function acknowledges(answer: { status: number; body: string }): boolean {
  if (answer.status !== 200) return false;
  try {
    const said: unknown = JSON.parse(answer.body);
    return typeof said === 'object' && said !== null && 'errcode' in said && said.errcode === 0;
  } catch {
    return false;
  }
}

async function send({ world }: Office, { url, body }: Callback): Promise<boolean> {
  if (world.state.faults.loseNotifications || !isLoopback(url)) return false;
  const limits = { timeoutMs: RESPONSE_TIMEOUT_MS, signal: world.closing };
  return postJson(url, { headers: {}, body }, limits).then(acknowledges, () => false);
}

/** Makes one attempt and, where it was not acknowledged, plans the next. A copy changes nothing. */
export async function attemptCallback(
  office: Office,
  due: { id: string; at: number; isCopy: boolean },
): Promise<void> {
  const callback = office.state.callbacks.find(({ id }) => id === due.id);
  if (!callback) return;
  const taken = await send(office, callback);
  if (due.isCopy) return;
  if (office.world.closing.aborted) {
    // Cut short by our own closing: it stays due for whoever loads this state.
    office.schedule('callback', due.id, due.at);
    return;
  }
  callback.attempts.push({ at: due.at, taken });
  const wait = REPEAT_AFTER_MS[callback.attempts.length - 1];
  if (!taken && wait !== undefined) office.schedule('callback', due.id, due.at + wait);
}
