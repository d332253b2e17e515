import type { ApiResponse } from '@shared/contract';
import type { LocalizedText } from '@shared/language';
import { fen, formatYuan } from '@shared/money';
import type { Transaction } from 'kysely';
import { isAlertOpen } from '../alerts/alert-queries';
import {
  findIdempotencyKey,
  IDEMPOTENCY_COLUMNS,
  insertIdempotencyKey,
  requestHash,
  storeAnswer,
} from '../checkout/idempotency-queries';
import { transitionOrder, lockOrder } from '../orders/transition-order';
import { listCaptures } from '../orders/capture-queries';
import { ApiError } from '../lib/api-error';
import { insertRefund, listRefunds, refundableFen } from '../refunds/refund-queries';
import type { CaptureRow, Database, OrderRow, RefundRow } from '../store/schema';
import type { Store } from '../store/store';
import { isUniqueViolation } from '../store/unique-violation';
import type { Actor } from '../contract/caller';
import type { Audit } from '../accounts/audit';
import { requireRole } from '../accounts/audit';
import { withOrder } from './with-order';
import { presentRefund } from './money-presenter';

type Tx = Transaction<Database>;
type Answer = ApiResponse<'POST /support/orders/:orderId/refunds'>;

export interface RefundRequest {
  amountFen: number;
  reason: string;
}

interface RefundIntent extends RefundRequest {
  staffId: string;
  /** The request's key, told apart from customers' keys and other members' by its form. */
  key: string;
  hash: string;
}

/**
 * Money back by the word of a supervisor: any part of what a delivered order's customer paid, or all of
 * a payment under review. However many ask at once, no more is promised than was taken.
 */
export function createStaffRefunds({
  store,
  clock,
  audit,
}: {
  store: Store;
  clock: () => number;
  audit: Audit;
}) {
  /** The answer a key was given before; keys are kept with the customer whose order they are about. */
  async function findStoredAnswer(
    order: OrderRow,
    { key, hash }: RefundIntent,
  ): Promise<Answer | undefined> {
    const known = await findIdempotencyKey(store, order.user_id, key);
    if (!known) return undefined;
    if (known.request_hash !== hash) throw new ApiError('idempotency.mismatch');
    // Written in the transaction that wrote the key, by `storeAnswer` alone.
    return JSON.parse(known.answer ?? '') as Answer;
  }

  async function commitRefund(order: OrderRow, intent: RefundIntent): Promise<Answer | undefined> {
    const now = clock();
    try {
      return await store.transaction().execute(async (tx) => {
        const lockedOrder = await lockForRefund(tx, order, intent, now);
        if (!lockedOrder) return undefined;
        const refund = await addRefund(tx, lockedOrder, intent, now);
        const row = {
          user_id: order.user_id,
          key: intent.key,
          order_id: order.id,
          created_at: now,
        };
        await insertIdempotencyKey(tx, { ...row, request_hash: intent.hash });
        const answer: Answer = { refund: presentRefund(refund) };
        await storeAnswer(tx, row, answer);
        return answer;
      });
    } catch (error) {
      // The same request came twice at once and the other was first: its answer is there now.
      if (isUniqueViolation(error, IDEMPOTENCY_COLUMNS)) return undefined;
      throw error;
    }
  }

  /**
   * @throws ApiError `staff.forbidden`, `idempotency.mismatch`, `order.not_found`,
   * `refund.too_much`, `refund.not_possible`
   */
  return async function refundOrder(
    actor: Actor,
    orderId: string,
    request: RefundRequest,
    key: string,
  ): Promise<Answer> {
    const { amountFen, reason } = request;
    await audit(actor, 'order.refund', `${orderId} ${String(amountFen)} fen: ${reason}`);
    requireRole(actor, 'supervisor');
    const { staffId } = actor.auth;
    const hash = requestHash({ orderId, amountFen, reason });
    const intent: RefundIntent = {
      amountFen,
      reason,
      staffId,
      key: `staff:${staffId}:${key}`,
      hash,
    };
    return withOrder(
      store,
      orderId,
      async (order) => (await findStoredAnswer(order, intent)) ?? commitRefund(order, intent),
    );
  };
}

/** Takes the order for the transaction, in the way its state allows. */
async function lockForRefund(
  tx: Tx,
  order: OrderRow,
  { reason }: RefundIntent,
  now: number,
): Promise<OrderRow | undefined> {
  if (order.state === 'delivered') return lockOrder(tx, order);
  // Without the alert the rules are still at it, and may send the money back by themselves.
  const needsStaffDecision =
    order.state === 'reviewing' && (await isAlertOpen(tx, 'paymentDiffers', order.id));
  if (!needsStaffDecision) throw new ApiError('refund.not_possible', { orderId: order.id });
  return transitionOrder(tx, order, 'refunding', now, { detail: reason });
}

/** @param order as it is held: `refunding` where all of it must go back */
async function addRefund(
  tx: Tx,
  order: OrderRow,
  { amountFen, reason, staffId }: RefundIntent,
  now: number,
): Promise<RefundRow> {
  const before = await listRefunds(tx, order.id);
  const captures = await listCaptures(tx, order.id);
  const refundableTotal = captures.reduce(
    (sum, capture) => sum + refundableFen(capture, before),
    0,
  );
  const capture = captures.find((row) => refundableFen(row, before) >= amountFen);
  if (!capture) throw new ApiError('refund.too_much', { orderId: order.id });
  if (order.state === 'refunding' && amountFen !== refundableTotal)
    throw fullRefundRequiredError(order, refundableTotal);
  await insertRefund(tx, order, { capture, amount: amountFen, reason, now, staffId });
  return findAddedRefund(before, await listRefunds(tx, order.id), capture);
}

function findAddedRefund(
  before: readonly RefundRow[],
  after: readonly RefundRow[],
  { order_id: orderId }: CaptureRow,
): RefundRow {
  const known = new Set(before.map(({ id }) => id));
  const added = after.find(({ id }) => !known.has(id));
  if (!added) throw new Error(`no refund was added to order ${orderId}`);
  return added;
}

function fullRefundRequiredError({ id: orderId }: OrderRow, refundableTotal: number): ApiError {
  const yuan = formatYuan(fen(refundableTotal));
  const detail: LocalizedText = {
    'zh-CN': `核对中的款项只能全额退回：¥${yuan}。`,
    en: `A payment under review goes back as a whole: ¥${yuan}.`,
  };
  return new ApiError('refund.not_possible', { orderId, detail });
}
