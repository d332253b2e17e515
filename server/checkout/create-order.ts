import type { UserAuth } from '../contract/caller';
import { ApiError } from '../lib/api-error';
import { findOpenOrder, findOrder } from '../orders/order-queries';
import { insertOrder } from '../orders/transition-order';
import type { IdempotencyKeyRow, OrderRow } from '../store/schema';
import type { Tx } from '../store/store';
import { isUniqueViolation } from '../store/unique-violation';
import { assertStillCovered, BalanceSpent, refuseSale } from '../prices/shop-balance';
import type { BuiltOrder, Purchase } from './build-order';
import { buildOrder, isShownPeriod } from './build-order';
import type { CheckoutContext } from './checkout-context';
import {
  findIdempotencyKey,
  IDEMPOTENCY_COLUMNS,
  insertIdempotencyKey,
  requestHash,
} from './idempotency-queries';

interface CreatedOrder {
  order: OrderRow;
  keyRow: IdempotencyKeyRow;
}

/** The idempotency key of a request with the hash of its body. */
interface RequestKey {
  userId: string;
  key: string;
  hash: string;
}

/**
 * Creates an order at most once for an idempotency key.
 * @returns a new order, the order that the key created before, or the customer's open order for the same
 * purchase
 * @throws ApiError `idempotency.mismatch`, `order.already_open`, `payment.unavailable`, and as `buildOrder`
 */
export async function createOrder(
  context: CheckoutContext,
  {
    user,
    purchase,
    idempotencyKey,
  }: { user: UserAuth; purchase: Purchase; idempotencyKey: string },
): Promise<CreatedOrder> {
  // The shown start is not part of the purchase: a retry may name it as it was shown since.
  const { shownFrom, ...purchased } = purchase;
  const requestKey = {
    userId: user.userId,
    key: idempotencyKey,
    hash: requestHash(purchased),
  };
  const existing = await findByKey(context, requestKey);
  if (existing) {
    if (isShownPeriod({ shownFrom }, existing.order)) return existing;
    throw new ApiError('package.period_changed');
  }
  const built = await buildOrder(context, user, purchase);
  try {
    const created = await insertOrReuse(context, built, requestKey);
    if (created) return created;
  } catch (error) {
    if (!isUniqueViolation(error, IDEMPOTENCY_COLUMNS)) throw error;
  }
  // Either a concurrent request with the same key was first, or the open order was settled between the
  // insert and the query for it. A second attempt finds the current state.
  const created =
    (await findByKey(context, requestKey)) ?? (await insertOrReuse(context, built, requestKey));
  if (!created) throw new ApiError('payment.unavailable', { retryAfterSeconds: 1 });
  return created;
}

async function findByKey(
  { store }: CheckoutContext,
  { userId, key, hash }: RequestKey,
): Promise<CreatedOrder | undefined> {
  const keyRow = await findIdempotencyKey(store, userId, key);
  if (!keyRow) return undefined;
  if (keyRow.request_hash !== hash) throw new ApiError('idempotency.mismatch');
  const order = await findOrder(store, keyRow.order_id);
  if (!order) throw new Error(`idempotency key without order ${keyRow.order_id}`);
  return { order, keyRow };
}

/** @returns undefined if an open order was in the way and is settled by now */
async function insertOrReuse(
  context: CheckoutContext,
  built: BuiltOrder,
  requestKey: RequestKey,
): Promise<CreatedOrder | undefined> {
  const { order } = built;
  const keyRow = buildKeyRow(context, order, requestKey);
  try {
    await context.store.transaction().execute(async (tx) => {
      await assertBalanceLeft(tx, built);
      await insertOrder(tx, order);
      await insertIdempotencyKey(tx, keyRow);
    });
    return { order, keyRow };
  } catch (error) {
    if (error instanceof BalanceSpent) return refuseSale(context, order.platform);
    if (isUniqueViolation(error, 'orders.open_key'))
      return reuseOpenOrder(context, order, requestKey);
    throw error;
  }
}

/** @throws BalanceSpent if a concurrent sale has spent the prepaid balance */
async function assertBalanceLeft(tx: Tx, { order, balance }: BuiltOrder): Promise<void> {
  if (!balance) return;
  const { platform, cost_fen: cost, open_key: openOrderKey, created_at: now } = order;
  const sale = { platform, cost, openOrderKey: openOrderKey ?? '' };
  await assertStillCovered(tx, sale, { fetched: balance, now });
}

/** Reuses the open order for the same card and package if it is for the same purchase at the same price. */
async function reuseOpenOrder(
  context: CheckoutContext,
  wanted: OrderRow,
  requestKey: RequestKey,
): Promise<CreatedOrder | undefined> {
  const { store, clock } = context;
  const order = await findOpenOrder(store, wanted.open_key ?? '');
  if (!order) return undefined;
  const isSamePurchase =
    order.effective === wanted.effective &&
    isShownPeriod({ shownFrom: wanted.effective_from }, order) &&
    order.amount_fen === wanted.amount_fen &&
    clock() < order.pay_before;
  if (!isSamePurchase) throw new ApiError('order.already_open', { orderId: order.id });
  const keyRow = buildKeyRow(context, order, requestKey);
  await insertIdempotencyKey(store, keyRow);
  return { order, keyRow };
}

function buildKeyRow(
  { clock }: CheckoutContext,
  order: OrderRow,
  { key, hash }: RequestKey,
): IdempotencyKeyRow {
  return {
    user_id: order.user_id,
    key,
    request_hash: hash,
    order_id: order.id,
    answer: null,
    created_at: clock(),
  };
}
