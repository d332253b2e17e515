import type { ApiResponse } from '@shared/contract';
import { rfc3339 } from '../lib/rfc3339';
import type { AlertRow, CaptureRow, RefundRow } from '../store/schema';

type SupportOrder = ApiResponse<'GET /support/orders/:orderId'>;

/** Presents a refund for staff. */
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
