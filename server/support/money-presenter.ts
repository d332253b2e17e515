import type { ApiResponse } from '@shared/contract';
import { rfc3339 } from '../lib/rfc3339';
import type { PendingSettlement } from '../refunds/settlement-queries';
import type { AlertRow, CaptureRow, RefundRow } from '../store/schema';

type SupportOrder = ApiResponse<'GET /support/orders/:orderId'>;

type SupportRefund = SupportOrder['refunds'][number];

/**
 * Presents a refund for staff.
 * @param related the refund that it replaces, and its settlement that waits for a decision, if there are any
 */
export function presentRefund(
  refund: RefundRow,
  related: { replaced?: RefundRow | undefined; settlement?: PendingSettlement | undefined } = {},
): SupportRefund {
  const { replaced, settlement } = related;
  return {
    id: refund.id,
    number: refund.number,
    amountFen: refund.amount_fen,
    state: refund.state,
    origin: refund.origin,
    replacesNumber: replaced?.number ?? null,
    redirectedTo: refund.redirected_to,
    settlement: settlement
      ? {
          evidence: settlement.evidence,
          requestedBy: settlement.username,
          requestedAt: rfc3339(settlement.requested_at),
        }
      : null,
    reason: refund.reason,
    createdAt: rfc3339(refund.created_at),
    updatedAt: rfc3339(refund.updated_at),
  };
}

/** Presents the refunds of an order for staff, oldest first. */
export function presentRefunds(
  refunds: readonly RefundRow[],
  settlements: readonly PendingSettlement[],
): SupportRefund[] {
  const byId = new Map(refunds.map((refund) => [refund.id, refund]));
  const settlementOf = new Map(settlements.map((row) => [row.refund_id, row]));
  return refunds.map((refund) =>
    presentRefund(refund, {
      replaced: byId.get(refund.replaces_id ?? ''),
      settlement: settlementOf.get(refund.id),
    }),
  );
}

/** Presents a captured payment for staff. */
export function presentCapture(capture: CaptureRow): SupportOrder['captures'][number] {
  return {
    transactionId: capture.transaction_id,
    amountFen: capture.amount_fen,
    paidAt: rfc3339(capture.paid_at),
  };
}

/** Presents an alert for staff. */
export function presentAlert(alert: AlertRow): SupportOrder['alerts'][number] {
  return { kind: alert.kind, detail: alert.detail, raisedAt: rfc3339(alert.raised_at) };
}
