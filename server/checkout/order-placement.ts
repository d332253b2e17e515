import type { UserAuth } from '../contract/caller';
import type { CardContext } from '../cards/card-context';
import { viewCard } from '../cards/view-card';
import { packageBlock, purchaseEligibilityOf } from '../catalogue/purchase-eligibility';
import type { CatalogueContext } from '../catalogue/read-catalogue';
import { readOffer } from '../catalogue/read-catalogue';
import { packageValidity } from '../catalogue/package-validity';
import { isDeliveryLocked, deliveryLockFor } from '../deliveries/delivery-queries';
import type { BalanceContext } from '../prices/shop-balance';
import { assertBalanceCovers } from '../prices/shop-balance';
import { ApiError } from '../lib/api-error';
import { newId } from '../store/ids';
import type { IdempotencyKeyRow, OrderRow } from '../store/schema';
import { isUniqueViolation } from '../store/unique-violation';
import {
  findIdempotencyKey,
  IDEMPOTENCY_COLUMNS,
  insertIdempotencyKey,
  requestHash,
} from './idempotency-queries';
import { newOrderNumber } from '../orders/order-number';
import { findOpenOrder, findOrder, insertOrder, buildOpenOrderKey } from '../orders/order-queries';

/** How long an order can be paid: long enough to find the phone, short of WeChat's two-hour prepay. */
const PAYMENT_WINDOW_MS = 30 * 60_000;

export interface OrderRequest {
  cardId: string;
  packageId: string;
  effective: 'now' | 'nextMonth';
}

export interface PlacementResult {
  order: OrderRow;
  key: IdempotencyKeyRow;
}

interface PlacementParts extends CardContext, CatalogueContext, BalanceContext {
  /** The channel new orders are paid through. */
  channel: string;
}

/** Turns a wish into an order row, once for each idempotency key, at the price on the shelf. */
export function createOrderPlacement(parts: PlacementParts) {
  const { store, clock, channel } = parts;

  async function findByIdempotencyKey(
    userId: string,
    key: string,
    hash: string,
  ): Promise<PlacementResult | undefined> {
    const row = await findIdempotencyKey(store, userId, key);
    if (!row) return undefined;
    if (row.request_hash !== hash) throw new ApiError('idempotency.mismatch');
    const order = await findOrder(store, row.order_id);
    if (!order) throw new Error(`idempotency key without order ${row.order_id}`);
    return { order, key: row };
  }

  async function buildOrder(user: UserAuth, request: OrderRequest): Promise<OrderRow> {
    const card = await viewCard(parts, user.userId, request.cardId);
    const eligibility = purchaseEligibilityOf(card);
    if (!eligibility.cardCanBuy) throw new ApiError('card.cannot_buy');
    const offer = await readOffer(parts, card, request.packageId);
    const block = packageBlock(offer, eligibility);
    if (block) throw new ApiError('package.cannot_buy', { detail: block });
    if (!offer.effective.includes(request.effective)) {
      throw new ApiError('package.cannot_buy');
    }
    if (await isDeliveryLocked(store, deliveryLockFor(card.id, offer.id))) {
      throw new ApiError('package.being_delivered');
    }
    const openOrderKey = buildOpenOrderKey(user.userId, card.id, offer.id);
    await assertBalanceCovers(parts, {
      platform: card.platform,
      cost: offer.cost,
      openOrderKey,
    });
    const now = clock();
    return {
      id: newId(),
      number: newOrderNumber(now),
      user_id: user.userId,
      card_id: card.id,
      platform: card.platform,
      card_ref: card.ref,
      iccid: card.iccid,
      openid: user.openid,
      channel,
      package_id: offer.id,
      package_name: offer.name,
      package_data_mb: offer.dataMb,
      effective: request.effective,
      effective_from: packageValidity(request.effective, offer.months, now).from,
      amount_fen: offer.price,
      cost_fen: offer.cost,
      state: 'created',
      state_since: now,
      version: 0,
      open_key: openOrderKey,
      pay_before: now + PAYMENT_WINDOW_MS,
      cancel_requested_at: null,
      paid_at: null,
      delivered_at: null,
      transaction_id: null,
      created_at: now,
    };
  }

  function buildIdempotencyKeyRow(order: OrderRow, key: string, hash: string): IdempotencyKeyRow {
    return {
      user_id: order.user_id,
      key,
      request_hash: hash,
      order_id: order.id,
      answer: null,
      created_at: clock(),
    };
  }

  /** The open order that stands in the way serves as well, if it is for the very same thing. */
  async function reuseOpenOrder(
    wanted: OrderRow,
    key: string,
    hash: string,
  ): Promise<PlacementResult | undefined> {
    const open = await findOpenOrder(store, wanted.open_key ?? '');
    if (!open) return undefined;
    const isSamePurchase =
      open.effective === wanted.effective &&
      open.amount_fen === wanted.amount_fen &&
      clock() < open.pay_before;
    if (!isSamePurchase) throw new ApiError('order.already_open', { orderId: open.id });
    const row = buildIdempotencyKeyRow(open, key, hash);
    await insertIdempotencyKey(store, row);
    return { order: open, key: row };
  }

  async function insertOrReuse(
    order: OrderRow,
    key: string,
    hash: string,
  ): Promise<PlacementResult | undefined> {
    const row = buildIdempotencyKeyRow(order, key, hash);
    try {
      await store.transaction().execute(async (tx) => {
        await insertOrder(tx, order);
        await insertIdempotencyKey(tx, row);
      });
      return { order, key: row };
    } catch (error) {
      if (isUniqueViolation(error, 'orders.open_key')) return reuseOpenOrder(order, key, hash);
      throw error;
    }
  }

  /**
   * Places an order, or finds the one that the key, or an open order for the same thing, stands for.
   * @throws ApiError `idempotency.mismatch`, `card.*`, `package.*`, `order.already_open`
   */
  async function place(
    user: UserAuth,
    request: OrderRequest,
    key: string,
  ): Promise<PlacementResult> {
    const hash = requestHash({ ...request });
    const existing = await findByIdempotencyKey(user.userId, key, hash);
    if (existing) return existing;
    const order = await buildOrder(user, request);
    try {
      const placed = await insertOrReuse(order, key, hash);
      if (placed) return placed;
    } catch (error) {
      if (!isUniqueViolation(error, IDEMPOTENCY_COLUMNS)) throw error;
    }
    // The same request came twice at once and the other was first, or the open order was settled
    // between the two looks at it: either way a second look finds how things stand now.
    const result =
      (await findByIdempotencyKey(user.userId, key, hash)) ??
      (await insertOrReuse(order, key, hash));
    if (!result) throw new ApiError('payment.unavailable', { retryAfterSeconds: 1 });
    return result;
  }

  return { place };
}
