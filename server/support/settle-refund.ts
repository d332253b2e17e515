import type { ApiResponse } from '@shared/contract';
import { fen, formatYuan } from '@shared/money';
import type { AuditEntry } from '../accounts/audit-queries';
import { recordAudit } from '../accounts/audit-queries';
import { resolveAlertsOfKey } from '../alerts/alert-queries';
import type { Actor } from '../contract/caller';
import { scheduleJob } from '../jobs/job-queries';
import { ApiError } from '../lib/api-error';
import { LONGEST_CALL_MS } from '../orders/call-limits';
import { loggedCall } from '../orders/logged-call';
import { findOrder } from '../orders/order-queries';
import { addOrderEvent } from '../orders/transition-order';
import { orRefuse } from '../platforms/or-refuse';
import type { RefundState } from '../platforms/ports';
import { findRefund, REFUND_JOB, transitionRefund } from '../refunds/refund-queries';
import { refundRules } from '../refunds/refund-state';
import type { PendingSettlement } from '../refunds/settlement-queries';
import {
  decideSettlement,
  insertSettlement,
  listPendingSettlements,
  OPEN_SETTLEMENT_COLUMN,
} from '../refunds/settlement-queries';
import { updateOrderFromRefunds } from '../refunds/sync-order-refunds';
import { REFUND_ALERT_KINDS } from '../refunds/sync-refund';
import type { RefundRow } from '../store/schema';
import { isUniqueViolation } from '../store/unique-violation';
import { readSupportRefund } from './read-support-refund';
import type { StoreAndClock, SupportContext } from './support-context';

type Answer = ApiResponse<'POST /support/refunds/:refundId/approve'>;
type RefundContext = Pick<SupportContext, 'store' | 'clock' | 'gateways'>;

/**
 * How long after the request a settlement can be approved, in ms. From the request on, the refund's job asks
 * the channel for nothing; a call that was being made has ended by then.
 */
const SETTLEMENT_DELAY_MS = Math.max(60_000, LONGEST_CALL_MS);

/** What the audit log records about a settlement, allowed or forbidden. */
export function settlementAuditEntry(
  refundId: string,
  action: 'settle' | 'approve' | 'reject',
  evidence?: string,
): AuditEntry {
  return {
    action: `refund.${action}`,
    subject: evidence === undefined ? refundId : `${refundId}: ${evidence}`,
  };
}

async function requireRefund({ store }: StoreAndClock, refundId: string): Promise<RefundRow> {
  const refund = await findRefund(store, refundId);
  if (!refund) throw new ApiError('refund.not_found');
  return refund;
}

/**
 * Asks to record that the customer was paid outside the channel. Another person decides. Until then the
 * channel is not asked to pay the refund.
 * @throws ApiError `refund.not_found`, `refund.not_settleable`, `refund.settlement_pending`
 */
export async function requestSettlement(
  context: StoreAndClock,
  actor: Actor,
  refundId: string,
  evidence: string,
): Promise<Answer> {
  const { store, clock } = context;
  await recordAudit(context, actor, settlementAuditEntry(refundId, 'settle', evidence));
  const refund = await requireRefund(context, refundId);
  if (!refundRules[refund.state].to.includes('settledOutside'))
    throw new ApiError('refund.not_settleable');
  const { staffId } = actor.auth;
  try {
    await store.transaction().execute((tx) =>
      insertSettlement(tx, {
        refund_id: refundId,
        evidence,
        requested_by: staffId,
        requested_at: clock(),
      }),
    );
  } catch (error) {
    if (!isUniqueViolation(error, OPEN_SETTLEMENT_COLUMN)) throw error;
    throw new ApiError('refund.settlement_pending');
  }
  return { refund: await readSupportRefund(store, refund) };
}

async function requireSettlement(
  { store }: StoreAndClock,
  refundId: string,
): Promise<PendingSettlement> {
  const [settlement] = await listPendingSettlements(store, [refundId]);
  if (!settlement) throw new ApiError('refund.settlement_missing');
  return settlement;
}

/**
 * Rejects a settlement. The refund is requested at its channel again.
 * @throws ApiError `refund.not_found`, `refund.settlement_missing`
 */
export async function rejectSettlement(
  context: StoreAndClock,
  actor: Actor,
  refundId: string,
): Promise<Answer> {
  const { store, clock } = context;
  await recordAudit(context, actor, settlementAuditEntry(refundId, 'reject'));
  const refund = await requireRefund(context, refundId);
  const settlement = await requireSettlement(context, refundId);
  const now = clock();
  const isDecided = await store.transaction().execute(async (tx) => {
    const decided = {
      decision: 'rejected',
      decided_by: actor.auth.staffId,
      decided_at: now,
    } as const;
    const isFirst = await decideSettlement(tx, settlement.id, decided);
    if (isFirst) await scheduleJob(tx, { kind: REFUND_JOB, subjectId: refundId, runAt: now });
    return isFirst;
  });
  if (!isDecided) throw new ApiError('refund.settlement_missing');
  return { refund: await readSupportRefund(store, refund) };
}

/**
 * Approves a settlement that another person asked for. A query at this moment must confirm that the channel
 * has not paid the customer, and will not.
 * @throws ApiError `refund.not_found`, `refund.not_settleable`, `refund.settlement_missing`,
 * `refund.settlement_own`, `refund.settlement_early`, `platform.unavailable`, `platform.busy`
 */
export async function approveSettlement(
  context: RefundContext,
  actor: Actor,
  refundId: string,
): Promise<Answer> {
  const { store, clock } = context;
  await recordAudit(context, actor, settlementAuditEntry(refundId, 'approve'));
  const refund = await requireRefund(context, refundId);
  const settlement = await requireSettlement(context, refundId);
  if (settlement.requested_by === actor.auth.staffId) throw new ApiError('refund.settlement_own');
  const elapsed = clock() - settlement.requested_at;
  if (elapsed < SETTLEMENT_DELAY_MS) {
    const retryAfterSeconds = Math.ceil((SETTLEMENT_DELAY_MS - elapsed) / 1_000);
    throw new ApiError('refund.settlement_early', { retryAfterSeconds });
  }
  const state = await queryChannel(context, refund);
  if (!isUnpaidForGood(refund, state)) throw new ApiError('refund.not_settleable');
  const settled = await commitSettlement(context, actor, refund, settlement);
  if (!settled) throw new ApiError('refund.not_settleable');
  return { refund: await readSupportRefund(store, settled) };
}

function queryChannel(
  { store, clock, gateways }: RefundContext,
  refund: RefundRow,
): Promise<RefundState> {
  return orRefuse(async () => {
    const order = await findOrder(store, refund.order_id);
    const gateway = order && gateways.find(order.channel);
    if (!gateway) throw new ApiError('refund.not_settleable');
    const call = () => gateway.queryRefund(refund.number);
    return loggedCall({ store, clock }, order.id, 'queryRefund', call, (answer) => answer);
  });
}

/** Whether the channel has not paid a refund to the customer and will not, unless it is asked again. */
function isUnpaidForGood({ redirected_to: target }: RefundRow, state: RefundState): boolean {
  switch (state) {
    case 'closed':
    case 'absent':
      return true;
    case 'abnormal':
      // A redirection that the channel has not finished may still reach the customer's other card.
      return target !== 'userBankCard';
    case 'done':
      return target === 'merchant';
    case 'processing':
    case 'notEnoughBalance':
      return false;
  }
}

async function commitSettlement(
  { store, clock }: StoreAndClock,
  actor: Actor,
  refund: RefundRow,
  { id, evidence }: PendingSettlement,
): Promise<RefundRow | undefined> {
  if (!refundRules[refund.state].to.includes('settledOutside')) return undefined;
  const now = clock();
  return store.transaction().execute(async (tx) => {
    const settled = await transitionRefund(tx, refund, 'settledOutside', now);
    if (!settled) return undefined;
    const decided = {
      decision: 'approved',
      decided_by: actor.auth.staffId,
      decided_at: now,
    } as const;
    // Another person decided meanwhile: the transaction must not be committed.
    if (!(await decideSettlement(tx, id, decided))) throw new ApiError('refund.settlement_missing');
    await resolveAlertsOfKey(tx, refund.id, now, REFUND_ALERT_KINDS);
    await updateOrderFromRefunds(tx, refund.order_id, now);
    const order = await findOrder(tx, refund.order_id);
    const detail = `¥${formatYuan(fen(refund.amount_fen))} ${refund.number}: ${evidence}`;
    if (order) await addOrderEvent(tx, order, { at: now, type: 'refundSettled', detail });
    return settled;
  });
}
