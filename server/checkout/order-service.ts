import type { Order, PaymentParameters } from '@shared/contract';
import type { Language } from '@shared/language';
import { fen } from '@shared/money';
import type { UserAuth } from '../contract/caller';
import type { Gateways } from '../platforms/payment-gateways';
import type { PaymentOrder } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import { isYounger } from '../lib/age';
import { ApiError } from '../lib/api-error';
import type { OrderRow } from '../store/schema';
import type { Store } from '../store/store';
import type { OrderAdvancer } from '../fulfilment/advance-order';
import { storeAnswer } from './idempotency-queries';
import type { createOrderPlacement, OrderRequest } from './order-placement';
import { presentOrder } from '../orders/order-presenter';
import {
  checkOrderSoon,
  findOrderOfUser,
  listOrderEvents,
  listOrdersOfUser,
  setCancelRequest,
} from '../orders/order-queries';
import { isFinal } from '../orders/order-state';
import {
  OutcomeUnknown,
  UNKNOWN_RETRY_MS,
  loggedCall,
  describeOutcome,
  commitTransition,
} from '../orders/order-context';

/** The reading of an unsettled order asks the platforms at most this often. */
const REFRESH_INTERVAL_MS = 1_000;
const MAX_TRACKED_ORDERS = 10_000;

export interface OrderService {
  /** @throws ApiError; see the contract's `POST /orders` */
  place(user: UserAuth, request: OrderRequest, key: string, language: Language): Promise<Order>;
  list(
    userId: string,
    page: { limit: number; cursor: string | undefined },
    language: Language,
  ): Promise<{ items: Order[]; nextCursor: string | null }>;
  read(userId: string, orderId: string, language: Language): Promise<Order>;
  pay(userId: string, orderId: string): Promise<PaymentParameters>;
  cancel(userId: string, orderId: string, language: Language): Promise<Order>;
}

interface OrderServiceParts {
  store: Store;
  clock: () => number;
  gateways: Gateways;
  placement: ReturnType<typeof createOrderPlacement>;
  advancer: OrderAdvancer;
}

/** What customers do with orders. */
export function createOrderService({
  store,
  clock,
  gateways,
  placement,
  advancer,
}: OrderServiceParts): OrderService {
  const lastRefreshedAt = new Map<string, number>();

  async function present(
    order: OrderRow,
    language: Language,
    payment?: PaymentParameters,
  ): Promise<Order> {
    const events = await listOrderEvents(store, [order.id]);
    return presentOrder(order, events.get(order.id) ?? [], { language, now: clock(), payment });
  }

  async function requireOwnOrder(userId: string, orderId: string): Promise<OrderRow> {
    const order = await findOrderOfUser(store, userId, orderId);
    if (!order) throw new ApiError('order.not_found');
    return order;
  }

  /** The order as the channel knows it now; as last known, where the channel does not answer. */
  async function refreshOrder(order: OrderRow): Promise<OrderRow> {
    try {
      return (await advancer.advance(order.id)) ?? order;
    } catch (error) {
      if (!(error instanceof PlatformUnavailable)) throw error;
      // Nobody but this request knows of it: the order's job must find out before its time.
      if (error instanceof OutcomeUnknown)
        await checkOrderSoon(store, order.id, clock() + UNKNOWN_RETRY_MS);
      return order;
    }
  }

  async function read(userId: string, orderId: string, language: Language): Promise<Order> {
    const order = await requireOwnOrder(userId, orderId);
    return present(shouldRefresh(order) ? await refreshOrder(order) : order, language);
  }

  function shouldRefresh(order: OrderRow): boolean {
    if (isFinal(order.state)) {
      lastRefreshedAt.delete(order.id);
      return false;
    }
    const now = clock();
    if (isYounger(lastRefreshedAt.get(order.id), REFRESH_INTERVAL_MS, now)) return false;
    if (lastRefreshedAt.size >= MAX_TRACKED_ORDERS) lastRefreshedAt.clear();
    lastRefreshedAt.set(order.id, now);
    return true;
  }

  /** Asks the channel for what the payment sheet needs. Repeating it is safe: the number stays. */
  async function startPayment(order: OrderRow): Promise<PaymentParameters> {
    assertPayable(order, clock());
    if (order.cancel_requested_at !== null) await setCancelRequest(store, order, null, clock());
    const gateway = gateways.find(order.channel);
    if (!gateway) throw new ApiError('order.not_payable', { orderId: order.id });
    const request = () => gateway.createPayment(toPaymentOrder(order));
    const parts = { store, clock };
    const result = await loggedCall(parts, order.id, 'createPayment', request, describeOutcome);
    if (result.outcome === 'done') {
      await markAwaitingPayment(order);
      // Closed while the channel took its time: what it gave must not be handed out any more.
      assertPayable(await requireOwnOrder(order.user_id, order.id), clock());
      return result.value;
    }
    if (result.outcome === 'unknown') {
      throw new ApiError('payment.unavailable', { orderId: order.id, retryAfterSeconds: 3 });
    }
    // What the channel will not take at all must not stand in the way of the next try.
    if (result.reason === 'rejected') await setCancelRequest(store, order, clock(), clock());
    const refreshed = await refreshOrder(order);
    assertPayable(refreshed, clock());
    throw new ApiError('order.not_payable', { orderId: order.id });
  }

  async function markAwaitingPayment(order: OrderRow): Promise<void> {
    if (order.state !== 'created') return;
    await commitTransition({ store, clock }, order, 'awaitingPayment');
  }

  return {
    place: async (user, request, key, language) => {
      const placed = await placement.place(user, request, key);
      // Only `storeAnswer` writes this column.
      if (placed.key.answer !== null) return JSON.parse(placed.key.answer) as Order;
      const payment = await startPayment(placed.order);
      const order = await requireOwnOrder(user.userId, placed.order.id);
      const answer = await present(order, language, payment);
      return JSON.parse(await storeAnswer(store, placed.key, answer)) as Order;
    },
    list: async (userId, { limit, cursor }, language) => {
      const orders = await listOrdersOfUser(store, userId, { limit: limit + 1, before: cursor });
      const page = orders.slice(0, limit);
      const events = await listOrderEvents(
        store,
        page.map(({ id }) => id),
      );
      const now = clock();
      return {
        items: page.map((order) =>
          presentOrder(order, events.get(order.id) ?? [], { language, now }),
        ),
        nextCursor: orders.length > limit ? (page.at(-1)?.id ?? null) : null,
      };
    },
    read,
    pay: async (userId, orderId) => {
      // Asked first: a payment whose answer was lost must not be asked for again.
      const order = await refreshOrder(await requireOwnOrder(userId, orderId));
      return startPayment(order);
    },
    cancel: async (userId, orderId, language) => {
      const order = await requireOwnOrder(userId, orderId);
      if (order.state !== 'closed') {
        assertCancellable(order);
        await setCancelRequest(store, order, clock(), clock());
      }
      const refreshed = await refreshOrder(order);
      const current = await requireOwnOrder(userId, refreshed.id);
      if (current.state !== 'closed') assertCancellable(current);
      return present(current, language);
    },
  };
}

function toPaymentOrder(order: OrderRow): PaymentOrder {
  return {
    orderNumber: order.number,
    cardRef: order.card_ref,
    packageId: order.package_id,
    packageName: order.package_name,
    effective: order.effective,
    amount: fen(order.amount_fen),
    openid: order.openid,
    payBefore: order.pay_before,
  };
}

const unpaidStates: readonly OrderRow['state'][] = ['created', 'awaitingPayment'];

function assertPayable(order: OrderRow, now: number): void {
  const details = { orderId: order.id };
  if (!unpaidStates.includes(order.state)) {
    throw new ApiError(
      order.state === 'closed' ? 'order.not_payable' : 'order.already_paid',
      details,
    );
  }
  if (now >= order.pay_before) throw new ApiError('order.not_payable', details);
}

function assertCancellable(order: OrderRow): void {
  if (unpaidStates.includes(order.state)) return;
  throw new ApiError('order.already_paid', { orderId: order.id });
}
