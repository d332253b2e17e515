import { callBefore } from '../platforms/call-deadline';
import { INTENT_VALID_BY_WALL_CLOCK_MS, INTENT_VALID_MS } from './call-limits';
import { loggedCall } from './logged-call';
import type { OrderContext } from './order-context';

/** The right to make one call. It expires within seconds. */
export interface Intent {
  isExpired: () => boolean;
}

/**
 * Starts an intent. To be called before the row that gives the right to call is written or read, so that
 * the intent is never younger than the row.
 */
export function startIntent({
  clock,
  monotonicClock,
}: Pick<OrderContext, 'clock' | 'monotonicClock'>): Intent {
  const [startedAt, monotonicStart] = [clock(), monotonicClock()];
  return {
    isExpired: () =>
      monotonicClock() - monotonicStart > INTENT_VALID_MS ||
      clock() - startedAt > INTENT_VALID_BY_WALL_CLOCK_MS,
  };
}

/**
 * As `loggedCall`, for a call that moves money: its requests are sent while its intent is valid or not at all.
 * @throws PlatformBusy if the intent had expired before any request was sent: certainly nothing was done
 */
export function timelyCall<Answer>(
  context: OrderContext,
  { orderId, operation, intent }: { orderId: string; operation: string; intent: Intent },
  call: () => Promise<Answer>,
  describe: (answer: Answer) => string,
): Promise<Answer> {
  const timely = () => callBefore(intent.isExpired, call);
  return loggedCall(context, orderId, operation, timely, describe);
}
