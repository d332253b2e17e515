import type { ApiResponse } from '@shared/contract';
import type { LocalizedText } from '@shared/language';
import { fen, formatYuan } from '@shared/money';
import type { Transaction } from 'kysely';
import { isAlertOpen } from '../alerts/alert-queries';
import { requestHash } from '../checkout/idempotency-queries';
import { transitionOrder, lockOrder } from '../orders/transition-order';
import { listCaptures } from '../orders/capture-queries';
import { ApiError } from '../lib/api-error';
import { insertRefund, listRefunds, refundableFen } from '../refunds/refund-queries';
import type { Database, OrderRow, RefundRow } from '../store/schema';
import { isUniqueViolation } from '../store/unique-violation';
import type { Actor } from '../contract/caller';
import type { AuditEntry } from '../accounts/audit-queries';
import { recordAudit } from '../accounts/audit-queries';
import { findStaffKey, insertStaffKey, STAFF_KEY_COLUMNS } from './staff-key-queries';
import { withOrder } from './with-order';
import { presentRefund } from './money-presenter';
import type { StoreAndClock } from './support-context';

type Tx = Transaction<Database>;
type Answer = ApiResponse<'POST /support/orders/:orderId/refunds'>;

export interface RefundRequest {
  amountFen: number;
  reason: string;
}

interface RefundIntent extends RefundRequest {
  staffId: string;
  /** The idempotency key, unique for the member of the staff. */
  key: string;
  hash: string;
}

/** The stored answer of an earlier request with this key. A key belongs to one order. */
async function findStoredAnswer(
  { store }: StoreAndClock,
  { staffId, key, hash }: RefundIntent,
): Promise<Answer | undefined> {
  const known = await findStaffKey(store, staffId, key);
  if (!known) return undefined;
  if (known.request_hash !== hash) throw new ApiError('idempotency.mismatch');
  // Only `commitRefund` writes this column.
  return JSON.parse(known.answer) as Answer;
}

/** @returns undefined if the order was changed, or the key was inserted, concurrently */
async function commitRefund(
  { store, clock }: StoreAndClock,
  order: OrderRow,
  intent: RefundIntent,
): Promise<Answer | undefined> {
  const now = clock();
  try {
    return await store.transaction().execute(async (tx) => {
      const lockedOrder = await lockForRefund(tx, order, intent, now);
      if (!lockedOrder) return undefined;
      const answer: Answer = {
        refund: presentRefund(await addRefund(tx, lockedOrder, intent, now)),
      };
      await insertStaffKey(tx, {
        staff_id: intent.staffId,
        key: intent.key,
        request_hash: intent.hash,
        order_id: order.id,
        answer: JSON.stringify(answer),
        created_at: now,
      });
      return answer;
    });
  } catch (error) {
    // A concurrent request with the same key was first: its answer is stored now.
    if (isUniqueViolation(error, STAFF_KEY_COLUMNS)) return undefined;
    throw error;
  }
}

/** What the audit log records about a refund request, allowed or forbidden. */
export function refundAuditEntry(
  orderId: string,
  { amountFen, reason }: RefundRequest,
): AuditEntry {
  return { action: 'order.refund', subject: `${orderId} ${String(amountFen)} fen: ${reason}` };
}

/**
 * Refunds any part of what the customer paid for a delivered order, or all of a payment under review.
 * Concurrent requests never refund more than was captured.
 * @param idempotencyKey a repeated request with the same key gets the answer of the first one
 * @throws ApiError `idempotency.mismatch`, `order.not_found`, `refund.too_much`, `refund.not_possible`
 */
export async function refundOrder(
  context: StoreAndClock,
  actor: Actor,
  orderId: string,
  request: RefundRequest,
  idempotencyKey: string,
): Promise<Answer> {
  const { amountFen, reason } = request;
  const { staffId } = actor.auth;
  await recordAudit(context, actor, refundAuditEntry(orderId, request));
  const intent: RefundIntent = {
    amountFen,
    reason,
    staffId,
    key: idempotencyKey,
    hash: requestHash({ orderId, amountFen, reason }),
  };
  return withOrder(
    context.store,
    orderId,
    async (order) =>
      (await findStoredAnswer(context, intent)) ?? commitRefund(context, order, intent),
  );
}

/** Locks the order for the transaction, or starts its refund if it is under review. */
async function lockForRefund(
  tx: Tx,
  order: OrderRow,
  { reason }: RefundIntent,
  now: number,
): Promise<OrderRow | undefined> {
  if (order.state === 'delivered') return lockOrder(tx, order);
  // Without the alert the payment is still being checked, and may be refunded automatically.
  const needsStaffDecision =
    order.state === 'reviewing' && (await isAlertOpen(tx, 'paymentDiffers', order.id));
  if (!needsStaffDecision) throw new ApiError('refund.not_possible', { orderId: order.id });
  return transitionOrder(tx, order, 'refunding', now, { detail: reason });
}

/** @param order the locked order; in state `refunding` it must be refunded in full */
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
  return insertRefund(tx, order, { capture, amount: amountFen, reason, now, staffId });
}

function fullRefundRequiredError({ id: orderId }: OrderRow, refundableTotal: number): ApiError {
  const yuan = formatYuan(fen(refundableTotal));
  const detail: LocalizedText = {
    'zh-CN': `核对中的款项只能全额退回：¥${yuan}。`,
    en: `A payment under review can only be refunded in full: ¥${yuan}.`,
  };
  return new ApiError('refund.not_possible', { orderId, detail });
}
