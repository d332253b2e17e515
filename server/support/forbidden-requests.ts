import type { AuditEntry } from '../accounts/audit-queries';
import { recordAudit } from '../accounts/audit-queries';
import type { Actor } from '../contract/caller';
import type { RoutedRequest } from '../contract/handlers';
import { redirectionAuditEntry } from './redirect-refund';
import { refundAuditEntry } from './refund-order';
import { resolutionAuditEntry } from './resolve-order';
import { settlementAuditEntry } from './settle-refund';
import { reconciliationAuditEntry } from './staff-reconciliations';
import type { StoreAndClock } from './support-context';

function auditedAttempt({
  key,
  input,
}: RoutedRequest): { actor: Actor; entry: AuditEntry } | undefined {
  switch (key) {
    case 'POST /support/orders/:orderId/refunds':
      return { actor: input, entry: refundAuditEntry(input.params.orderId, input.body) };
    case 'POST /support/orders/:orderId/resolutions':
      return { actor: input, entry: resolutionAuditEntry(input.params.orderId, input.body) };
    case 'POST /support/refunds/:refundId/redirections':
      return { actor: input, entry: redirectionAuditEntry(input.params.refundId, input.body) };
    case 'POST /support/refunds/:refundId/settlements': {
      const { params, body } = input;
      return {
        actor: input,
        entry: settlementAuditEntry(params.refundId, 'settle', body.evidence),
      };
    }
    case 'POST /support/refunds/:refundId/approve':
      return { actor: input, entry: settlementAuditEntry(input.params.refundId, 'approve') };
    case 'POST /support/refunds/:refundId/reject':
      return { actor: input, entry: settlementAuditEntry(input.params.refundId, 'reject') };
    case 'POST /support/reconciliations':
      return { actor: input, entry: reconciliationAuditEntry(input.body.day) };
    default:
      return undefined;
  }
}

/** Records a request about money that is refused because the caller's role is too low. */
export async function recordForbiddenRequest(
  context: StoreAndClock,
  request: RoutedRequest,
): Promise<void> {
  const attempt = auditedAttempt(request);
  if (attempt) await recordAudit(context, attempt.actor, attempt.entry);
}
