import { fen } from '@shared/money';
import { transitionOrder, findOrder } from '../orders/order-queries';
import type { OrderContext, OrderStep } from '../orders/order-context';
import {
  loggedCall,
  describeOutcome,
  OutcomeUnknown,
  commitTransition,
} from '../orders/order-context';
import { withGateway } from '../payments/with-gateway';
import type { CardPlatform } from '../platforms/ports';
import { PlatformBusy } from '../platforms/ports';
import type { OrderRow } from '../store/schema';
import { isUniqueViolation } from '../store/unique-violation';
import {
  countRefusal,
  countAttempt,
  uncountAttempt,
  insertDelivery,
  updateDelivery,
  recordPackageSnapshot,
  DELIVERY_LOCK_COLUMN,
  deliveryLockFor,
} from './delivery-queries';
import { withPlatform } from './with-platform';

/**
 * A paid order. Where its platform was paid itself it delivers by itself, and all there is to do is
 * watch it; where not, the package is ordered now, once.
 */
export const startDelivery: OrderStep = (context, order) =>
  withGateway(context, order, (gateway) =>
    gateway.deliversOnPayment
      ? commitTransition(context, order, 'delivering')
      : withPlatform(context, order, (platform) => orderPackage(context, order, platform)),
  );

/** Only who won the change of state orders: the row it writes is there before anything is asked for. */
async function orderPackage(
  context: OrderContext,
  order: OrderRow,
  platform: CardPlatform,
): Promise<OrderRow> {
  const delivering = await claimDelivery(context, order, platform);
  return delivering ? sendPackageOrder(context, delivering, platform) : order;
}

/**
 * Where what a card holds is the only evidence of an order, one order for a card and package is under
 * way at a time: the next one waits, paid, until it is settled.
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
 * Orders the package of a paid order at its platform. An unknown outcome is settled by asking.
 * @throws PlatformUnavailable where the card cannot be looked at first, or the platform is busy; then nothing was
 * ordered
 */
export async function sendPackageOrder(
  context: OrderContext,
  order: OrderRow,
  platform: CardPlatform,
): Promise<OrderRow> {
  if (!(await takePackageSnapshot(context, order, platform))) return order;
  if (!(await countAttempt(context.store, order.id))) return order;
  const request = () =>
    platform.orderPackage({
      orderNumber: order.number,
      cardRef: order.card_ref,
      packageId: order.package_id,
      effective: order.effective,
      amount: fen(order.amount_fen),
    });
  const result = await loggedCall(
    context,
    order.id,
    'orderPackage',
    request,
    describeOutcome,
  ).catch((error: unknown) => uncountIfBusy(context, order.id, error));
  if (result.outcome === 'refused') return handleRefusal(context, order, result.message);
  if (result.outcome === 'unknown') {
    await updateDelivery(context.store, order.id, { outcome: 'unknown' });
    throw new OutcomeUnknown(result.message);
  }
  const { reference } = result.value;
  await updateDelivery(context.store, order.id, { outcome: 'accepted', reference });
  return order;
}

/** What is not given up is asked about on, and in the end its absence proves that nothing was ordered. */
async function handleRefusal(
  { store, clock }: OrderContext,
  order: OrderRow,
  detail: string,
): Promise<OrderRow> {
  const failed = await store.transaction().execute(async (tx) => {
    if (!(await countRefusal(tx, order.id))) return undefined;
    // As it is now: somebody may have taken it for something else meanwhile.
    const currentOrder = await findOrder(tx, order.id);
    if (currentOrder?.state !== 'delivering') return undefined;
    return transitionOrder(tx, currentOrder, 'deliveryFailed', clock(), { detail });
  });
  return failed ?? order;
}

/** What was turned away was not ordered: the look before it is over, and the next one may order. */
async function uncountIfBusy(
  { store }: OrderContext,
  orderId: string,
  error: unknown,
): Promise<never> {
  if (error instanceof PlatformBusy) await uncountAttempt(store, orderId);
  throw error;
}

/** @returns whether the package may be ordered now: of those that looked before, the first orders */
async function takePackageSnapshot(
  context: OrderContext,
  { id, card_ref, package_id }: OrderRow,
  platform: CardPlatform,
): Promise<boolean> {
  const readSnapshot = platform.packageSnapshot?.bind(platform, card_ref, package_id);
  if (!readSnapshot) return true;
  const packageSnapshot = await loggedCall(context, id, 'holdings', readSnapshot, () => 'told');
  return recordPackageSnapshot(context.store, id, packageSnapshot);
}
