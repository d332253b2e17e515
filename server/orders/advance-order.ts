import type { OrderState } from '@shared/order-state';
import { settleDelivery, startDelivery } from '../deliveries/settle-delivery';
import { settlePayment } from '../payments/settle-payment';
import { PlatformUnavailable } from '../platforms/ports';
import { settleRefund, startRefund } from '../refunds/settle-refund';
import type { OrderRow } from '../store/schema';
import { findOrder } from './order-queries';
import { nextCheckIn } from './order-state';
import type { Settlement, SettlementSteps } from './settlement';

/** The step that pushes an order on, by its state. */
const steps: SettlementSteps = {
  created: settlePayment,
  awaitingPayment: settlePayment,
  closed: settlePayment,
  paid: startDelivery,
  delivering: settleDelivery,
  deliveryUnknown: settleDelivery,
  deliveryFailed: startRefund,
  reviewing: startRefund,
  refunding: settleRefund,
  refundFailed: settleRefund,
};

/** What has just failed here is not tried again at once: the next try is the clock's. */
const resting: readonly OrderState[] = ['refundFailed'];

/** No order changes its state more often than this in one go. */
const MOST_STEPS = 6;

export interface OrderAdvancer {
  /** Pushes an order as far as it goes now. Concurrent calls for one order are one. */
  advance(orderId: string): Promise<OrderRow | undefined>;
  /** As a job: advances, and says when to look again (ms from now), or null for never. */
  run(orderId: string): Promise<number | null>;
}

/** Makes the one thing that pushes orders on, for the worker and for people who are looking. */
export function createOrderAdvancer(settlement: Settlement): OrderAdvancer {
  const underWay = new Map<string, Promise<OrderRow | undefined>>();

  async function push(orderId: string): Promise<OrderRow | undefined> {
    let order = await findOrder(settlement.store, orderId);
    for (let count = 0; order && count < MOST_STEPS; count += 1) {
      const after: OrderRow | undefined = await steps[order.state]?.(settlement, order);
      if (!after || after.version === order.version) break;
      order = after;
      if (resting.includes(order.state)) break;
    }
    return order && findOrder(settlement.store, orderId);
  }

  function advance(orderId: string): Promise<OrderRow | undefined> {
    const already = underWay.get(orderId);
    if (already) return already;
    const task = push(orderId).finally(() => underWay.delete(orderId));
    underWay.set(orderId, task);
    return task;
  }

  async function run(orderId: string): Promise<number | null> {
    try {
      await advance(orderId);
    } catch (error) {
      if (!(error instanceof PlatformUnavailable)) throw error;
      settlement.log.warn({ err: error, order: orderId }, 'a platform did not answer');
    }
    const order = await findOrder(settlement.store, orderId);
    if (!order) return null;
    return nextCheckIn(order.state, settlement.clock() - order.state_since) ?? null;
  }

  return { advance, run };
}
