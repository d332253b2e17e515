import { notificationId } from '../ids';
import { RESPONSE_TIMEOUT_MS, DUPLICATE_DELAY_MS } from '../notification-schedule';
import { isLoopback, postJson } from '../outbound-http';
import type { DakashiSimulator } from './simulator';
import type { Callback } from './state';

/** 如未收到回调将重复回调三次; the delays are our assumption. */
const RETRY_DELAYS_MS: readonly number[] = [10_000, 30_000, 60_000];

/** Queues a callback to the agent, unsigned, if a URL is configured. */
export function queueCallback(
  { state, simulator, schedule }: DakashiSimulator,
  at: number,
  payload: object,
): void {
  if (state.callbackUrl === null) return;
  const body = JSON.stringify(payload);
  const callback: Callback = { id: notificationId(), url: state.callbackUrl, body, attempts: [] };
  state.callbacks.push(callback);
  schedule('callback', callback.id, at);
  if (simulator.state.faults.doubleNotifications) {
    schedule('callbackCopy', callback.id, at + DUPLICATE_DELAY_MS);
  }
}

function acknowledges(answer: { status: number; body: string }): boolean {
  if (answer.status !== 200) return false;
  try {
    const parsed: unknown = JSON.parse(answer.body);
    return (
      typeof parsed === 'object' && parsed !== null && 'errcode' in parsed && parsed.errcode === 0
    );
  } catch {
    return false;
  }
}

async function sendCallback(
  { simulator }: DakashiSimulator,
  { url, body }: Callback,
): Promise<boolean> {
  if (simulator.state.faults.loseNotifications || !isLoopback(url)) return false;
  const limits = { timeoutMs: RESPONSE_TIMEOUT_MS, signal: simulator.closing };
  return postJson(url, { headers: {}, body }, limits).then(acknowledges, () => false);
}

/** Makes one attempt and schedules the next if it was not acknowledged. Copies are not repeated. */
export async function attemptCallback(
  dakashi: DakashiSimulator,
  due: { id: string; at: number; isCopy: boolean },
): Promise<void> {
  const callback = dakashi.state.callbacks.find(({ id }) => id === due.id);
  if (!callback) return;
  const isAcknowledged = await sendCallback(dakashi, callback);
  if (due.isCopy) return;
  if (dakashi.simulator.closing.aborted) {
    // Interrupted by closing the sandbox: it stays due in the saved state.
    dakashi.schedule('callback', due.id, due.at);
    return;
  }
  callback.attempts.push({ at: due.at, taken: isAcknowledged });
  const wait = RETRY_DELAYS_MS[callback.attempts.length - 1];
  if (!isAcknowledged && wait !== undefined) dakashi.schedule('callback', due.id, due.at + wait);
}
