import { raiseAlert } from '../alerts/alert-queries';
import { startDelivery } from '../deliveries/order-package';
import { syncDelivery } from '../deliveries/settle-delivery';
import { syncPayment } from '../payments/settle-payment';
import { PlatformUnavailable } from '../platforms/ports';
import { catchUpWithRefunds } from '../refunds/follow-refunds';
import { syncReview, startRefund } from '../refunds/start-refund';
import type { OrderRow } from '../store/schema';
import { findOrder } from './order-queries';
import { isStuck, nextCheckIn } from './order-state';
import type { OrderContext, OrderSteps } from './settlement';
import { OutcomeUnknown } from './settlement';

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
  refunding: catchUpWithRefunds,
  refundFailed: catchUpWithRefunds,
};

/** No order changes its state more often than this in one go. */
const MOST_STEPS = 6;

/** How soon, and how often in a row, an order is looked at again whose platform gave no answer. */
const UNANSWERED_MS = 4_000;
const MOST_UNANSWERED = 5;
const MOST_REMEMBERED = 10_000;

export interface OrderAdvancer {
  /** Pushes an order as far as it goes now. Concurrent calls for one order are one. */
  advance(orderId: string): Promise<OrderRow | undefined>;
  /** As a job: advances, and says when to look again (ms from now), or null for never. */
  run(orderId: string): Promise<number | null>;
}

/** Makes the one thing that pushes orders on, for the worker and for people who are looking. */
export function createOrderAdvancer(context: OrderContext): OrderAdvancer {
  const underWay = new Map<string, Promise<OrderRow | undefined>>();
  const unanswered = new Map<string, number>();

  async function push(orderId: string): Promise<OrderRow | undefined> {
    let order = await findOrder(context.store, orderId);
    for (let count = 0; order && count < MOST_STEPS; count += 1) {
      const after: OrderRow | undefined = await steps[order.state]?.(context, order);
      if (!after || after.version === order.version) break;
      order = after;
    }
    return order && findOrder(context.store, orderId);
  }

  function advance(orderId: string): Promise<OrderRow | undefined> {
    const already = underWay.get(orderId);
    if (already) return already;
    const task = push(orderId).finally(() => underWay.delete(orderId));
    underWay.set(orderId, task);
    return task;
  }

  /** Whether an order that got no answer is to be looked at again sooner than by its clock. */
  function isWorthHurrying(orderId: string): boolean {
    if (unanswered.size >= MOST_REMEMBERED) unanswered.clear();
    const times = (unanswered.get(orderId) ?? 0) + 1;
    unanswered.set(orderId, times);
    return times <= MOST_UNANSWERED;
  }

  async function advanceOrHurry(orderId: string): Promise<boolean> {
    try {
      await advance(orderId);
      unanswered.delete(orderId);
      return false;
    } catch (error) {
      if (!(error instanceof PlatformUnavailable)) throw error;
      context.log.warn({ err: error, order: orderId }, 'a platform did not answer');
      return error instanceof OutcomeUnknown || isWorthHurrying(orderId);
    }
  }

  async function callPersonIfStuck({ id: subject, ...order }: OrderRow): Promise<void> {
    const now = context.clock();
    if (!isStuck(order, now)) return;
    const { store } = context;
    await raiseAlert(store, { kind: 'orderStuck', subject, detail: order.state, now });
  }

  async function run(orderId: string): Promise<number | null> {
    const hurry = await advanceOrHurry(orderId);
    const order = await findOrder(context.store, orderId);
    if (!order) return null;
    await callPersonIfStuck(order);
    const usual = nextCheckIn(order.state, context.clock() - order.state_since) ?? null;
    return hurry && usual !== null ? Math.min(usual, UNANSWERED_MS) : usual;
  }

  return { advance, run };
}
