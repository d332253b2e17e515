import { fen, formatYuan } from '@shared/money';
import type { Transaction } from 'kysely';
import { scheduleJob } from '../jobs/job-queries';
import { addOrderEvent } from '../orders/order-queries';
import { newId } from '../store/ids';
import type { CaptureRow, Database, OrderRow, RefundRow } from '../store/schema';
import type { Store } from '../store/store';
import type { RefundRowState } from './refund-state';
import { refundRules } from './refund-state';

export const REFUND_JOB = 'refund';

type Tx = Transaction<Database>;
type Reader = Store | Tx;

export function listRefunds(store: Reader, orderId: string): Promise<RefundRow[]> {
  return store
    .selectFrom('refunds')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('id')
    .execute();
}

export function findRefund(store: Reader, id: string): Promise<RefundRow | undefined> {
  return store.selectFrom('refunds').selectAll().where('id', '=', id).executeTakeFirst();
}

/** What of a capture is not given back, nor promised to be, in fen. */
export function refundableFen(capture: CaptureRow, refunds: readonly RefundRow[]): number {
  return refunds
    .filter(({ capture_id }) => capture_id === capture.id)
    .reduce((rest, { amount_fen }) => rest - amount_fen, capture.amount_fen);
}

/**
 * Promises to give money back: the row, its number and its job. The caller holds the order
 * (`holdOrder` or a change of its state), so that two promises never add up to more than was taken.
 * @throws RangeError if more would be given back than was taken: a fault in the caller
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
  if (amount > refundableFen(capture, existing)) throw new RangeError('more than was taken');
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
 * Changes a refund's state, if it still is as it was read. The caller is the refund's job, which is
 * rescheduled by what it returns.
 * @returns the refund afterwards, or undefined if somebody else changed it first
 * @throws Error if the table of states has no such change: a fault in the caller
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
