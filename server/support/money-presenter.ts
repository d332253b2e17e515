import type { ApiResponse } from '@shared/contract';
import { rfc3339 } from '../lib/rfc3339';
import type { AlertRow, CaptureRow, RefundRow } from '../store/schema';

type SupportOrder = ApiResponse<'GET /support/orders/:orderId'>;

/** A refund as staff see it. */
export function presentRefund(refund: RefundRow): SupportOrder['refunds'][number] {
  return {
    number: refund.number,
    amountFen: refund.amount_fen,
    state: refund.state,
    reason: refund.reason,
    createdAt: rfc3339(refund.created_at),
    updatedAt: rfc3339(refund.updated_at),
  };
}

/** What the channel took, as staff see it. */
export function presentCapture(capture: CaptureRow): SupportOrder['captures'][number] {
  return {
    transactionId: capture.transaction_id,
    amountFen: capture.amount_fen,
    paidAt: rfc3339(capture.paid_at),
  };
}

/** What a person has to look at. */
export function presentAlert(alert: AlertRow): SupportOrder['alerts'][number] {
  return { kind: alert.kind, detail: alert.detail, raisedAt: rfc3339(alert.raised_at) };
}
