import { fen, formatYuan } from '@shared/money';
import { scheduleJob } from '../jobs/job-queries';
import { addOrderEvent } from '../orders/transition-order';
import { newId } from '../store/ids';
import type { CaptureRow, OrderRow, RefundRow } from '../store/schema';
import type { StoreOrTx, Tx } from '../store/store';
import type { RefundRowState } from './refund-state';
import { refundRules } from './refund-state';

/** The kind of the jobs that check refunds. Their subject is the refund's id. */
export const REFUND_JOB = 'refund';

/** The refunds of an order, oldest first. */
export function listRefunds(store: StoreOrTx, orderId: string): Promise<RefundRow[]> {
  return store
    .selectFrom('refunds')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('id')
    .execute();
}

export function findRefund(store: StoreOrTx, id: string): Promise<RefundRow | undefined> {
  return store.selectFrom('refunds').selectAll().where('id', '=', id).executeTakeFirst();
}

/** What is left of a capture after its refunds, in fen. Requested refunds count like paid ones. */
export function refundableFen(capture: CaptureRow, refunds: readonly RefundRow[]): number {
  return refunds
    .filter(({ capture_id }) => capture_id === capture.id)
    .reduce((rest, { amount_fen }) => rest - amount_fen, capture.amount_fen);
}

/**
 * Requests a refund: inserts its row and number, and schedules its job. The caller has locked the order
 * (`lockOrder` or `transitionOrder`), so that concurrent refunds never exceed the capture.
 * @param refund `amount` in fen, `now` in epoch ms
 * @throws RangeError if the amount exceeds what is left of the capture: a bug of the caller
 */
export async function insertRefund(
  tx: Tx,
  order: OrderRow,
  refund: {
    capture: CaptureRow;
    amount: number;
    reason: string;
    now: number;
    staffId?: string | null;
  },
): Promise<void> {
  const { capture, amount, reason, now, staffId = null } = refund;
  const existing = await listRefunds(tx, order.id);
  if (amount > refundableFen(capture, existing))
    throw new RangeError('the refund exceeds what is left of the capture');
  const id = newId();
  await tx
    .insertInto('refunds')
    .values({
      id,
      order_id: order.id,
      capture_id: capture.id,
      number: `${order.number}R${String(existing.length + 1)}`,
      amount_fen: amount,
      reason,
      state: 'requested',
      state_since: now,
      version: 0,
      staff_id: staffId,
      created_at: now,
      updated_at: now,
    })
    .execute();
  if (staffId !== null) {
    const detail = `¥${formatYuan(fen(amount))} ${reason}`;
    await addOrderEvent(tx, order, { at: now, type: 'refundAsked', detail });
  }
  await scheduleJob(tx, { kind: REFUND_JOB, subjectId: id, runAt: now });
}

/**
 * Changes a refund's state if the refund is still as it was read. The caller is the refund's job, whose
 * return value schedules the next check.
 * @returns the refund afterwards; undefined if another process changed it first
 * @throws Error if the rules do not allow the transition: a bug of the caller
 */
export async function transitionRefund(
  tx: Tx,
  refund: RefundRow,
  to: RefundRowState,
  now: number,
): Promise<RefundRow | undefined> {
  if (!refundRules[refund.state].to.includes(to)) {
    throw new Error(`a refund cannot go from ${refund.state} to ${to}`);
  }
  return tx
    .updateTable('refunds')
    .set({ state: to, state_since: now, updated_at: now, version: refund.version + 1 })
    .where('id', '=', refund.id)
    .where('version', '=', refund.version)
    .returningAll()
    .executeTakeFirst();
}
