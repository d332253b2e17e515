import { newId } from '../store/ids';
import type { RefundSettlementRow } from '../store/schema';
import type { StoreOrTx, Tx } from '../store/store';

/** The unique column that allows one settlement at a time to wait for a decision on a refund. */
export const OPEN_SETTLEMENT_COLUMN = 'refund_settlements.open_key';

/** A settlement that waits for a second person, with the user name of the first. */
export type PendingSettlement = RefundSettlementRow & { username: string };

/** Whether a settlement of the refund outside the channel waits for a decision. */
export async function isSettlementPending(store: StoreOrTx, refundId: string): Promise<boolean> {
  const row = await store
    .selectFrom('refund_settlements')
    .select('id')
    .where('open_key', '=', refundId)
    .executeTakeFirst();
  return row !== undefined;
}

/** The settlements of some refunds that wait for a decision. */
export function listPendingSettlements(
  store: StoreOrTx,
  refundIds: readonly string[],
): Promise<PendingSettlement[]> {
  if (refundIds.length === 0) return Promise.resolve([]);
  return store
    .selectFrom('refund_settlements')
    .innerJoin('staff', 'staff.id', 'refund_settlements.requested_by')
    .selectAll('refund_settlements')
    .select('staff.username')
    .where('open_key', 'in', refundIds)
    .execute();
}

/**
 * Records that a settlement is asked for. The refund's version changes, so that a process that was about to
 * request the refund notices it.
 * @throws a unique violation of `OPEN_SETTLEMENT_COLUMN` while another one waits for a decision
 */
export async function insertSettlement(
  tx: Tx,
  settlement: Pick<RefundSettlementRow, 'refund_id' | 'evidence' | 'requested_by' | 'requested_at'>,
): Promise<void> {
  await tx
    .insertInto('refund_settlements')
    .values({
      id: newId(),
      open_key: settlement.refund_id,
      decision: null,
      decided_by: null,
      decided_at: null,
      ...settlement,
    })
    .execute();
  await tx
    .updateTable('refunds')
    .set((eb) => ({ version: eb('version', '+', 1), updated_at: settlement.requested_at }))
    .where('id', '=', settlement.refund_id)
    .execute();
}

/** @returns whether the settlement still waited for a decision */
export async function decideSettlement(
  writer: StoreOrTx,
  id: string,
  decided: Required<{ decision: 'approved' | 'rejected'; decided_by: string; decided_at: number }>,
): Promise<boolean> {
  const { numUpdatedRows } = await writer
    .updateTable('refund_settlements')
    .set({ ...decided, open_key: null })
    .where('id', '=', id)
    .where('open_key', 'is not', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}
