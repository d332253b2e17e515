import { PlatformUnavailable } from '../platforms/ports';
import type { StoreAndClock } from './order-context';
import { recordUpstreamCall } from './upstream-call-queries';

/** How soon a call with an unknown outcome is followed up, in ms. */
export const UNKNOWN_RETRY_MS = 4_000;

/** A platform did not say whether it carried out a request: its state is queried soon. */
export class OutcomeUnknown extends PlatformUnavailable {}

/**
 * Calls a platform for an order and records the operation and its outcome in the order's timeline.
 * @throws PlatformUnavailable if the call does
 */
export async function loggedCall<Answer>(
  { store, clock }: StoreAndClock,
  orderId: string,
  operation: string,
  call: () => Promise<Answer>,
  describe: (answer: Answer) => string,
): Promise<Answer> {
  const record = (outcome: string) =>
    recordUpstreamCall(store, { orderId, at: clock(), operation, outcome });
  try {
    const answer = await call();
    await record(describe(answer));
    return answer;
  } catch (error) {
    if (error instanceof PlatformUnavailable) await record('no answer');
    throw error;
  }
}

/** Describes the outcome of a call that is not a query, for the timeline. */
export function describeOutcome(result: {
  outcome: 'done' | 'refused' | 'unknown';
  reason?: string;
}): string {
  return result.reason === undefined ? result.outcome : `${result.outcome}: ${result.reason}`;
}
