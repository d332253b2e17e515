import { raiseAlert } from '../alerts/alert-queries';
import { startDelivery } from '../deliveries/order-package';
import { syncDelivery } from '../deliveries/sync-delivery';
import { syncPayment } from '../payments/sync-payment';
import { PlatformUnavailable } from '../platforms/ports';
import { syncOrderRefunds } from '../refunds/sync-order-refunds';
import { syncReview, startRefund } from '../refunds/start-refund';
import type { OrderRow } from '../store/schema';
import { findOrder } from '../orders/order-queries';
import { isStuck, nextCheckDelay } from '../orders/order-state';
import type { OrderContext, OrderSteps } from '../orders/order-context';
import { OutcomeUnknown } from '../orders/order-context';

/** The step that pushes an order on, by its state. */
const steps: OrderSteps = {
  created: syncPayment,
  awaitingPayment: syncPayment,
  closed: syncPayment,
  paid: startDelivery,
  delivering: syncDelivery,
  deliveryUnknown: syncDelivery,
  deliveryFailed: startRefund,
  reviewing: syncReview,
  refunding: syncOrderRefunds,
  refundFailed: syncOrderRefunds,
};

/** No order changes its state more often than this in one go. */
const MAX_STEPS = 6;

/** How soon, and how often in a row, an order is looked at again whose platform gave no answer. */
const UNANSWERED_RETRY_MS = 4_000;
const MAX_UNANSWERED_RETRIES = 5;
const MAX_TRACKED_ORDERS = 10_000;

export interface OrderAdvancer {
  /** Pushes an order as far as it goes now. Concurrent calls for one order are one. */
  advance(orderId: string): Promise<OrderRow | undefined>;
  /** As a job: advances, and says when to look again (ms from now), or null for never. */
  runJob(orderId: string): Promise<number | null>;
}

/** Makes the one thing that pushes orders on, for the worker and for people who are looking. */
export function createOrderAdvancer(context: OrderContext): OrderAdvancer {
  const inFlight = new Map<string, Promise<OrderRow | undefined>>();
  const unansweredCounts = new Map<string, number>();

  async function applySteps(orderId: string): Promise<OrderRow | undefined> {
    let order = await findOrder(context.store, orderId);
    for (let count = 0; order && count < MAX_STEPS; count += 1) {
      const after: OrderRow | undefined = await steps[order.state]?.(context, order);
      if (!after || after.version === order.version) break;
      order = after;
    }
    return order && findOrder(context.store, orderId);
  }

  function advance(orderId: string): Promise<OrderRow | undefined> {
    const pending = inFlight.get(orderId);
    if (pending) return pending;
    const task = applySteps(orderId).finally(() => inFlight.delete(orderId));
    inFlight.set(orderId, task);
    return task;
  }

  /** Whether an order that got no answer is to be looked at again sooner than by its clock. */
  function shouldRetrySoon(orderId: string): boolean {
    if (unansweredCounts.size >= MAX_TRACKED_ORDERS) unansweredCounts.clear();
    const attempts = (unansweredCounts.get(orderId) ?? 0) + 1;
    unansweredCounts.set(orderId, attempts);
    return attempts <= MAX_UNANSWERED_RETRIES;
  }

  async function tryAdvance(orderId: string): Promise<boolean> {
    try {
      await advance(orderId);
      unansweredCounts.delete(orderId);
      return false;
    } catch (error) {
      if (!(error instanceof PlatformUnavailable)) throw error;
      context.log.warn({ err: error, order: orderId }, 'a platform did not answer');
      return error instanceof OutcomeUnknown || shouldRetrySoon(orderId);
    }
  }

  async function raiseAlertIfStuck({ id: subject, ...order }: OrderRow): Promise<void> {
    const now = context.clock();
    if (!isStuck(order, now)) return;
    const { store } = context;
    await raiseAlert(store, { kind: 'orderStuck', subject, detail: order.state, now });
  }

  async function runJob(orderId: string): Promise<number | null> {
    const retrySoon = await tryAdvance(orderId);
    const order = await findOrder(context.store, orderId);
    if (!order) return null;
    await raiseAlertIfStuck(order);
    const normalDelay = nextCheckDelay(order.state, context.clock() - order.state_since) ?? null;
    return retrySoon && normalDelay !== null
      ? Math.min(normalDelay, UNANSWERED_RETRY_MS)
      : normalDelay;
  }

  return { advance, runJob };
}
