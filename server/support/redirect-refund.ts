import type { ApiResponse } from '@shared/contract';
import type { AuditEntry } from '../accounts/audit-queries';
import { recordAudit } from '../accounts/audit-queries';
import type { Actor } from '../contract/caller';
import { scheduleJob } from '../jobs/job-queries';
import { ApiError } from '../lib/api-error';
import { describeOutcome, loggedCall } from '../orders/logged-call';
import { findOrder } from '../orders/order-queries';
import { orRefuse } from '../platforms/or-refuse';
import type { AbnormalRefundTarget } from '../platforms/ports';
import { findRefund, REFUND_JOB, setRedirection } from '../refunds/refund-queries';
import type { RefundRow } from '../store/schema';
import { readSupportRefund } from './read-support-refund';
import type { SupportContext } from './support-context';

type Answer = ApiResponse<'POST /support/refunds/:refundId/redirections'>;
type RefundContext = Pick<SupportContext, 'store' | 'clock' | 'gateways'>;

/** What the audit log records about a redirection, allowed or forbidden: never a card number or a name. */
export function redirectionAuditEntry(
  refundId: string,
  { to }: Pick<AbnormalRefundTarget, 'to'>,
): AuditEntry {
  return { action: 'refund.redirect', subject: `${refundId} ${to}` };
}

/**
 * Sends the money of an abnormal refund to another bank card of the customer, or to the merchant's account.
 * The target is stored before the channel is asked, so that a lost answer cannot be followed by another
 * target. A refund sent to the merchant still owes the customer the money, until it is settled outside.
 * @throws ApiError `refund.not_found`, `refund.not_abnormal`, `refund.redirect_refused`,
 * `platform.unavailable`, `platform.busy`
 */
export async function redirectRefund(
  context: RefundContext,
  actor: Actor,
  refundId: string,
  target: AbnormalRefundTarget,
): Promise<Answer> {
  const { store, clock } = context;
  await recordAudit(context, actor, redirectionAuditEntry(refundId, target));
  const refund = await findRefund(store, refundId);
  if (!refund) throw new ApiError('refund.not_found');
  const isRepeated = refund.redirected_to === target.to;
  if (refund.state !== 'abnormal' || (refund.redirected_to !== null && !isRepeated))
    throw new ApiError('refund.not_abnormal');
  const intent = isRepeated ? refund : await setRedirection(store, refund, target.to, clock());
  if (!intent) throw new ApiError('refund.not_abnormal');
  const outcome = await requestRedirection(context, intent, target);
  if (outcome === 'refused') {
    // The channel took no target, so another one can be chosen.
    await setRedirection(store, intent, null, clock());
    throw new ApiError('refund.redirect_refused');
  }
  await store
    .transaction()
    .execute((tx) => scheduleJob(tx, { kind: REFUND_JOB, subjectId: refundId, runAt: clock() }));
  if (outcome === 'unknown') throw new ApiError('platform.unavailable', { retryAfterSeconds: 5 });
  return { refund: await readSupportRefund(store, intent) };
}

function requestRedirection(
  { store, clock, gateways }: RefundContext,
  refund: RefundRow,
  target: AbnormalRefundTarget,
): Promise<'done' | 'refused' | 'unknown'> {
  return orRefuse(async () => {
    const order = await findOrder(store, refund.order_id);
    const redirect = order && gateways.find(order.channel)?.redirectAbnormalRefund;
    if (!redirect) return 'refused';
    const call = () => redirect(refund.number, target);
    const operation = 'redirectAbnormalRefund';
    const context = { store, clock };
    const result = await loggedCall(context, order.id, operation, call, describeOutcome);
    return result.outcome;
  });
}
