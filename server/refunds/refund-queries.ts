import { fen, formatYuan } from '@shared/money';
import { scheduleJob } from '../jobs/job-queries';
import { addOrderEvent } from '../orders/transition-order';
import { newId } from '../store/ids';
import type { CaptureRow, OrderRow, RefundRow } from '../store/schema';
import type { Store, StoreOrTx, Tx } from '../store/store';
import type { RefundRowState } from './refund-state';
import { refundRules, replacementDelay } from './refund-state';

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

export function findRefundByNumber(
  store: StoreOrTx,
  number: string,
): Promise<RefundRow | undefined> {
  return store.selectFrom('refunds').selectAll().where('number', '=', number).executeTakeFirst();
}

/**
 * What is left of a capture after its refunds, in fen. Requested refunds count like paid ones, closed ones
 * do not count. Negative if the channel's console refunded what we have requested as well.
 */
export function refundableFen(
  capture: Pick<CaptureRow, 'id' | 'amount_fen'>,
  refunds: readonly Pick<RefundRow, 'capture_id' | 'state' | 'amount_fen'>[],
): number {
  return refunds
    .filter(({ capture_id, state }) => capture_id === capture.id && state !== 'closed')
    .reduce((rest, { amount_fen }) => rest - amount_fen, capture.amount_fen);
}

type NewRefund = Pick<
  RefundRow,
  'order_id' | 'capture_id' | 'number' | 'amount_fen' | 'reason' | 'state' | 'created_at'
> &
  Partial<Pick<RefundRow, 'staff_id' | 'replaces_id' | 'origin'>>;

/** Inserts a refund with its job, which runs at `runAt` (epoch ms); null: the refund is final. */
export async function insertRefundRow(
  tx: Tx,
  refund: NewRefund,
  runAt: number | null,
): Promise<RefundRow> {
  const row = await tx
    .insertInto('refunds')
    .values({
      id: newId(),
      staff_id: null,
      replaces_id: null,
      origin: 'shop',
      redirected_to: null,
      ...refund,
      state_since: refund.created_at,
      updated_at: refund.created_at,
      version: 0,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  if (runAt !== null) await scheduleJob(tx, { kind: REFUND_JOB, subjectId: row.id, runAt });
  return row;
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
): Promise<RefundRow> {
  const { capture, amount, reason, now, staffId = null } = refund;
  const existing = await listRefunds(tx, order.id);
  if (amount > refundableFen(capture, existing))
    throw new RangeError('the refund exceeds what is left of the capture');
  if (staffId !== null) {
    const detail = `¥${formatYuan(fen(amount))} ${reason}`;
    await addOrderEvent(tx, order, { at: now, type: 'refundAsked', detail });
  }
  return insertRefundRow(
    tx,
    {
      order_id: order.id,
      capture_id: capture.id,
      number: nextRefundNumber(order, existing),
      amount_fen: amount,
      reason,
      state: 'requested',
      staff_id: staffId,
      created_at: now,
    },
    now,
  );
}

/**
 * Replaces a refund that the channel has closed: what is still owed is requested under a new number, after a
 * delay. The caller has locked the order and closed the refund in this transaction.
 * @returns undefined if nothing is owed any more, because the channel's console refunded it
 */
export async function replaceClosedRefund(
  tx: Tx,
  order: OrderRow,
  { closed, capture, now }: { closed: RefundRow; capture: CaptureRow; now: number },
): Promise<RefundRow | undefined> {
  const existing = await listRefunds(tx, order.id);
  const amount = Math.min(closed.amount_fen, refundableFen(capture, existing));
  if (amount <= 0) return undefined;
  const closedCount = existing.filter(
    ({ capture_id, state }) => capture_id === capture.id && state === 'closed',
  ).length;
  return insertRefundRow(
    tx,
    {
      order_id: order.id,
      capture_id: capture.id,
      number: nextRefundNumber(order, existing),
      amount_fen: amount,
      reason: closed.reason,
      state: 'requested',
      staff_id: closed.staff_id,
      replaces_id: closed.id,
      created_at: now,
    },
    now + replacementDelay(closedCount),
  );
}

/** Our refund numbers are the order's number and a count. The channel's console makes other numbers. */
function nextRefundNumber({ number }: OrderRow, existing: readonly RefundRow[]): string {
  const ours = existing.filter(({ origin }) => origin === 'shop').length;
  return `${number}R${String(ours + 1)}`;
}

/**
 * Records where staff send the money of an abnormal refund, before the channel is asked to.
 * @returns the refund afterwards; undefined if another process changed it first
 */
export function setRedirection(
  store: Store,
  refund: RefundRow,
  redirectedTo: RefundRow['redirected_to'],
  now: number,
): Promise<RefundRow | undefined> {
  return store
    .updateTable('refunds')
    .set({ redirected_to: redirectedTo, updated_at: now, version: refund.version + 1 })
    .where('id', '=', refund.id)
    .where('version', '=', refund.version)
    .returningAll()
    .executeTakeFirst();
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
