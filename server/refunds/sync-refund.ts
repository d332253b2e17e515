import { fen, formatYuan } from '@shared/money';
import { raiseAlert, resolveAlertsOfKey } from '../alerts/alert-queries';
import { listCaptures } from '../orders/capture-queries';
import {
  describeOutcome,
  loggedCall,
  OutcomeUnknown,
  UNKNOWN_RETRY_MS,
} from '../orders/logged-call';
import type { OrderContext } from '../orders/order-context';
import { findOrder } from '../orders/order-queries';
import { startIntent, timelyCall } from '../orders/timely-call';
import { addOrderEvent } from '../orders/transition-order';
import type { PaymentGateway, RefundState } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import type { CaptureRow, OrderRow, RefundRow } from '../store/schema';
import { findRefund, transitionRefund } from './refund-queries';
import { refundReasonText } from './refund-reason-texts';
import type { RefundRowState } from './refund-state';
import { nextRefundCheckDelay } from './refund-state';
import { updateOrderFromRefunds } from './sync-order-refunds';

/** A refund with its order, capture and payment channel. */
interface RefundSubject {
  refund: RefundRow;
  order: OrderRow;
  capture: CaptureRow;
  gateway: PaymentGateway;
}

/** How long a refund may wait for the channel's confirmation before a person is called. */
const STUCK_AFTER_MS = 25 * 60_000;
/** How soon a refund is checked again whose channel is not configured any more. */
const MISSING_CHANNEL_RETRY_MS = 10 * 60_000;
const REFUND_ALERT_KINDS = ['refundFailed', 'refundWaiting', 'refundStuck', 'jobStuck'] as const;

/** The channel's states as ours. `absent`: the channel never received the refund. */
const refundRowStates: Readonly<Record<RefundState, RefundRowState>> = {
  processing: 'processing',
  done: 'done',
  abnormal: 'failed',
  notEnoughBalance: 'waiting',
  absent: 'requested',
};

/**
 * The job of a refund: requests it at the channel, always under the same number, until the channel
 * confirms its outcome.
 * @returns when to check it again, in ms from now; null if no further check is due
 */
export async function syncRefund(context: OrderContext, refundId: string): Promise<number | null> {
  const { store, clock } = context;
  const refund = await findRefund(store, refundId);
  if (!refund || refund.state === 'done') return null;
  const subject = await loadSubject(context, refund);
  if (!subject) return MISSING_CHANNEL_RETRY_MS;
  const isUnknown = await tryAdvance(context, subject);
  const after = (await findRefund(store, refundId)) ?? refund;
  await raiseAlertIfStuck(context, after);
  const normalDelay = nextRefundCheckDelay(after.state, clock() - after.state_since);
  if (normalDelay === undefined) return null;
  return isUnknown ? Math.min(normalDelay, UNKNOWN_RETRY_MS) : normalDelay;
}

/** @returns whether a request was sent whose outcome is unknown */
async function tryAdvance(context: OrderContext, subject: RefundSubject): Promise<boolean> {
  try {
    const state = await advanceRefund(context, subject);
    await recordRefundState(context, subject, state);
    return false;
  } catch (error) {
    if (!(error instanceof PlatformUnavailable)) throw error;
    context.log.warn({ err: error, order: subject.order.number }, 'the channel did not answer');
    return error instanceof OutcomeUnknown;
  }
}

/** @returns undefined if the channel is not configured any more; a person is called then */
async function loadSubject(
  { store, gateways, clock }: OrderContext,
  refund: RefundRow,
): Promise<RefundSubject | undefined> {
  const order = await findOrder(store, refund.order_id);
  const captures = await listCaptures(store, refund.order_id);
  const capture = captures.find(({ id }) => id === refund.capture_id);
  if (!order || !capture) throw new Error(`refund ${refund.number} without order or capture`);
  const gateway = gateways.find(capture.channel);
  if (gateway) return { refund, order, capture, gateway };
  await raiseAlert(store, { kind: 'channelMissing', subject: order.id, now: clock() });
  return undefined;
}

async function raiseAlertIfStuck({ store, clock }: OrderContext, refund: RefundRow): Promise<void> {
  const now = clock();
  if (refund.state !== 'requested' || now - refund.state_since < STUCK_AFTER_MS) return;
  const { order_id: subject, id: key, number: detail } = refund;
  await raiseAlert(store, { kind: 'refundStuck', subject, key, detail, now });
}

/**
 * Requests or queries a refund.
 * @returns the state it is in now
 * @throws OutcomeUnknown if the channel does not say whether it accepted the request
 */
async function advanceRefund(
  context: OrderContext,
  subject: RefundSubject,
): Promise<RefundRowState> {
  const { refund } = subject;
  if (refund.state === 'requested' || refund.state === 'waiting')
    return sendRefund(context, subject);
  const state = await queryRefund(context, subject);
  if (state !== 'absent') return refundRowStates[state];
  // The channel refused or lost it; it may be possible now.
  return refund.state === 'failed' ? sendRefund(context, subject) : 'requested';
}

function queryRefund(
  context: OrderContext,
  { gateway, order, refund }: RefundSubject,
): Promise<RefundState> {
  const call = () => gateway.queryRefund(refund.number);
  return loggedCall(context, order.id, 'queryRefund', call, (answer) => answer);
}

async function sendRefund(
  context: OrderContext,
  { gateway, order, capture, refund }: RefundSubject,
): Promise<RefundRowState> {
  const intent = startIntent(context);
  // Read again within the intent: another process may have advanced the refund meanwhile.
  const current = await findRefund(context.store, refund.id);
  if (current?.version !== refund.version) return refund.state;
  const request = () =>
    gateway.refund({
      orderNumber: order.number,
      transactionId: capture.transaction_id,
      refundNumber: refund.number,
      paid: fen(capture.amount_fen),
      amount: fen(refund.amount_fen),
      reason: refundReasonText(refund),
    });
  const call = { orderId: order.id, operation: 'refund', intent };
  const result = await timelyCall(context, call, request, describeOutcome);
  if (result.outcome === 'unknown') throw new OutcomeUnknown(result.message);
  return result.outcome === 'refused' ? 'failed' : refundRowStates[result.value];
}

async function recordRefundState(
  { store, clock, log }: OrderContext,
  { order, refund }: RefundSubject,
  state: RefundRowState,
): Promise<void> {
  if (state === refund.state) return;
  const now = clock();
  await store.transaction().execute(async (tx) => {
    const changed = await transitionRefund(tx, refund, state, now);
    if (!changed) return;
    await resolveAlertsOfKey(tx, refund.id, now, REFUND_ALERT_KINDS);
    if (state === 'failed' || state === 'waiting') {
      log.error({ order: order.number, state }, 'a refund cannot be completed without a person');
      const kind = state === 'failed' ? 'refundFailed' : 'refundWaiting';
      const { id: key, number: detail } = refund;
      await raiseAlert(tx, { kind, subject: order.id, key, detail, now });
    }
    const updatedOrder = await updateOrderFromRefunds(tx, order.id, now);
    // If the order is refunded in full, its change of state is the event.
    if (state === 'done' && !updatedOrder) {
      const detail = `¥${formatYuan(fen(refund.amount_fen))} ${refund.number}`;
      await addOrderEvent(tx, order, { at: now, type: 'refundPaid', detail });
    }
  });
}
