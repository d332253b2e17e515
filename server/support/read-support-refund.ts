import type { ApiResponse } from '@shared/contract';
import { findRefund } from '../refunds/refund-queries';
import { listPendingSettlements } from '../refunds/settlement-queries';
import type { RefundRow } from '../store/schema';
import type { Store } from '../store/store';
import { presentRefund } from './money-presenter';

/** A refund for staff, with the refund that it replaces and its settlement that waits for a decision. */
export async function readSupportRefund(
  store: Store,
  refund: RefundRow,
): Promise<ApiResponse<'POST /support/refunds/:refundId/approve'>['refund']> {
  const { id, replaces_id: replacesId } = refund;
  const replaced = replacesId === null ? undefined : await findRefund(store, replacesId);
  const [settlement] = await listPendingSettlements(store, [id]);
  return presentRefund(refund, { replaced, settlement });
}
