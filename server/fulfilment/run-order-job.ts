import { raiseAlert } from '../alerts/alert-queries';
import { OutcomeUnknown } from '../orders/logged-call';
import { findOrder } from '../orders/order-queries';
import { isStuck, nextCheckDelay } from '../orders/order-state';
import { PlatformUnavailable } from '../platforms/ports';
import type { OrderRow } from '../store/schema';
import { advanceOrder } from './advance-order';
import type { FulfilmentContext } from './fulfilment-context';

/** How soon an order whose platform gave no answer is checked again, in ms, and how often in a row. */
const UNANSWERED_RETRY_MS = 4_000;
const MAX_UNANSWERED_RETRIES = 5;

/**
 * The job of an order: advances it and raises an alert if it is stuck.
 * @returns when to check it again, in ms from now; null if no further check is due
 */
export async function runOrderJob(
  context: FulfilmentContext,
  orderId: string,
): Promise<number | null> {
  const retrySoon = await tryAdvance(context, orderId);
  const order = await findOrder(context.store, orderId);
  if (!order) return null;
  await raiseAlertIfStuck(context, order);
  const normalDelay = nextCheckDelay(order.state, context.clock() - order.state_since);
  if (normalDelay === undefined) return null;
  return retrySoon ? Math.min(normalDelay, UNANSWERED_RETRY_MS) : normalDelay;
}

/** @returns whether a platform gave no answer, so that the order is checked sooner than scheduled */
async function tryAdvance(context: FulfilmentContext, orderId: string): Promise<boolean> {
  try {
    await advanceOrder(context, orderId);
    context.fulfilmentState.unansweredChecks.delete(orderId);
    return false;
  } catch (error) {
    if (!(error instanceof PlatformUnavailable)) throw error;
    context.log.warn({ err: error, order: orderId }, 'a platform did not answer');
    return error instanceof OutcomeUnknown || countUnanswered(context, orderId);
  }
}

/** @returns whether there have been few enough checks without an answer to check again soon */
function countUnanswered({ fulfilmentState }: FulfilmentContext, orderId: string): boolean {
  const { unansweredChecks } = fulfilmentState;
  const count = (unansweredChecks.get(orderId) ?? 0) + 1;
  unansweredChecks.set(orderId, count);
  return count <= MAX_UNANSWERED_RETRIES;
}

async function raiseAlertIfStuck(
  { store, clock }: FulfilmentContext,
  order: OrderRow,
): Promise<void> {
  const now = clock();
  if (!isStuck(order, now)) return;
  await raiseAlert(store, { kind: 'orderStuck', subject: order.id, detail: order.state, now });
}
