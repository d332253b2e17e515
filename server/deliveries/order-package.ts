import { fen } from '@shared/money';
import { describeOutcome, loggedCall, OutcomeUnknown } from '../orders/logged-call';
import type { OrderContext, OrderStep } from '../orders/order-context';
import { findOrder } from '../orders/order-queries';
import { ORDER_UNTIL_MS } from '../orders/order-state';
import type { Intent } from '../orders/timely-call';
import { startIntent, timelyCall } from '../orders/timely-call';
import { commitTransition, transitionOrder } from '../orders/transition-order';
import { withGateway } from '../payments/with-gateway';
import type { CardPlatform } from '../platforms/ports';
import { PlatformBusy } from '../platforms/ports';
import type { OrderRow } from '../store/schema';
import { isUniqueViolation } from '../store/unique-violation';
import {
  countAttempt,
  countRefusal,
  DELIVERY_LOCK_COLUMN,
  deliveryLockFor,
  insertDelivery,
  markAccepted,
  markUnanswered,
  uncountAttempt,
} from './delivery-queries';
import { withPlatform } from './with-platform';

/**
 * Starts the delivery of a paid order. A card platform that was paid itself delivers by itself and is only
 * queried; otherwise the package is ordered now, once.
 */
export const startDelivery: OrderStep = (context, order) =>
  withGateway(context, order, (gateway) =>
    gateway.deliversOnPayment
      ? commitTransition(context, order, 'delivering')
      : withPlatform(context, order, (platform) => orderPackage(context, order, platform)),
  );

/** Only the process that made the transition orders; its delivery row exists before the request is sent. */
async function orderPackage(
  context: OrderContext,
  order: OrderRow,
  platform: CardPlatform,
): Promise<OrderRow> {
  const delivering = await claimDelivery(context, order, platform);
  return delivering ? sendPackageOrder(context, delivering, platform) : order;
}

/**
 * Moves an order to `delivering`. On platforms where the card's packages are the only evidence of a
 * delivery, one order at a time is delivered for a card and package; the next one stays `paid` until then.
 * @returns undefined if the order must wait, or if another process changed it first
 */
async function claimDelivery(
  { store, clock }: OrderContext,
  order: OrderRow,
  platform: CardPlatform,
): Promise<OrderRow | undefined> {
  const now = clock();
  const deliveryLock = platform.packageSnapshot
    ? deliveryLockFor(order.card_id, order.package_id)
    : null;
  const row = {
    order_id: order.id,
    platform: platform.name,
    asked_at: now,
    running_key: deliveryLock,
  };
  try {
    return await store.transaction().execute(async (tx) => {
      const changed = await transitionOrder(tx, order, 'delivering', now);
      if (changed) await insertDelivery(tx, row);
      return changed;
    });
  } catch (error) {
    if (isUniqueViolation(error, DELIVERY_LOCK_COLUMN)) return undefined;
    throw error;
  }
}

/**
 * Orders the package of a paid order at its platform.
 * @throws OutcomeUnknown if the platform does not say whether it accepted the order
 * @throws PlatformUnavailable if the card's packages cannot be read first, the platform is busy, or the
 * process was suspended before the request was sent; nothing was ordered then
 */
export async function sendPackageOrder(
  context: OrderContext,
  order: OrderRow,
  platform: CardPlatform,
): Promise<OrderRow> {
  const intent = await takeRightToOrder(context, order, platform);
  if (!intent) return order;
  const request = () =>
    platform.orderPackage({
      orderNumber: order.number,
      cardRef: order.card_ref,
      packageId: order.package_id,
      effectiveFrom: order.effective_from,
      settlementDay: order.settlement_day,
      amount: fen(order.amount_fen),
    });
  const result = await timelyCall(
    context,
    { orderId: order.id, operation: 'orderPackage', intent },
    request,
    describeOutcome,
  ).catch((error: unknown) => uncountIfBusy(context, order.id, error));
  if (result.outcome === 'refused') return handleRefusal(context, order, result.message);
  if (result.outcome === 'unknown') {
    await markUnanswered(context.store, order.id);
    throw new OutcomeUnknown(result.message);
  }
  await markAccepted(context.store, order.id, result.value.reference);
  return order;
}

/**
 * Fails the order if every attempt was refused. Otherwise its delivery is queried on, until its absence
 * proves that nothing was ordered.
 */
async function handleRefusal(
  { store, clock }: OrderContext,
  order: OrderRow,
  detail: string,
): Promise<OrderRow> {
  const failed = await store.transaction().execute(async (tx) => {
    if (!(await countRefusal(tx, order.id))) return undefined;
    // Read again: another process may have changed the order meanwhile.
    const currentOrder = await findOrder(tx, order.id);
    if (currentOrder?.state !== 'delivering') return undefined;
    return transitionOrder(tx, currentOrder, 'deliveryFailed', clock(), { detail });
  });
  return failed ?? order;
}

/** A request that was certainly not carried out ordered nothing, so the next attempt takes a new snapshot. */
async function uncountIfBusy(
  { store }: OrderContext,
  orderId: string,
  error: unknown,
): Promise<never> {
  if (error instanceof PlatformBusy) await uncountAttempt(store, orderId);
  throw error;
}

/**
 * Counts the attempt and stores what the card holds before it, on platforms where that is the only evidence
 * of a delivery.
 * @returns undefined if the caller must not order: too late, or another process orders
 */
async function takeRightToOrder(
  context: OrderContext,
  order: OrderRow,
  platform: CardPlatform,
): Promise<Intent | undefined> {
  const packageSnapshot = await readPackageSnapshot(context, order, platform);
  const intent = startIntent(context);
  if (context.clock() - order.state_since >= ORDER_UNTIL_MS) return undefined;
  const isOnly = !platform.idempotentOrders;
  const isCounted = await countAttempt(context.store, order.id, { isOnly, packageSnapshot });
  return isCounted ? intent : undefined;
}

/** @returns null on platforms that need no snapshot */
async function readPackageSnapshot(
  context: OrderContext,
  { id, card_ref, package_id }: OrderRow,
  platform: CardPlatform,
): Promise<string | null> {
  const readSnapshot = platform.packageSnapshot?.bind(platform, card_ref, package_id);
  if (!readSnapshot) return null;
  return loggedCall(context, id, 'holdings', readSnapshot, () => 'read');
}
