import { fen, formatYuan } from '@shared/money';
import { raiseAlert, renewAlert, resolveAlertsOfKey } from '../alerts/alert-queries';
import type { AlertKind } from '../alerts/alert-queries';
import { listCaptures } from '../orders/capture-queries';
import {
  describeOutcome,
  loggedCall,
  OutcomeUnknown,
  UNKNOWN_RETRY_MS,
} from '../orders/logged-call';
import type { OrderContext } from '../orders/order-context';
import { findOrder } from '../orders/order-queries';
import { addOrderEvent, lockOrder } from '../orders/transition-order';
import { startIntent, timelyCall } from '../orders/timely-call';
import type { PaymentGateway, RefundState } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import type { CaptureRow, OrderRow, RefundRow } from '../store/schema';
import type { Tx } from '../store/store';
import { refundReasonText } from './refund-reason-texts';
import {
  findRefund,
  listRefunds,
  refundableFen,
  replaceClosedRefund,
  transitionRefund,
} from './refund-queries';
import type { RefundRowState } from './refund-state';
import { isFinalRefund, nextRefundCheckDelay } from './refund-state';
import { isSettlementPending } from './settlement-queries';
import { isBeingRefunded, updateOrderFromRefunds } from './sync-order-refunds';

/** A refund with its order, capture and payment channel. */
interface RefundSubject {
  refund: RefundRow;
  order: OrderRow;
  capture: CaptureRow;
  gateway: PaymentGateway;
  /** Whether the channel's console refunded so much that this refund does not fit into the capture. */
  exceedsCapture: boolean;
  /** Whether a person asks to record that the customer was paid outside the channel. */
  isSettlementPending: boolean;
}

/** How long a refund may wait for the channel's confirmation before a person is called. */
const STUCK_AFTER_MS = 25 * 60_000;
/** How soon a refund is checked again whose channel is not configured any more. */
const MISSING_CHANNEL_RETRY_MS = 10 * 60_000;
/** How often a person is called about a refund that the merchant's balance does not cover. */
const WAITING_ALERT_EVERY_MS = 24 * 60 * 60_000;
/** Alerts that any change of a refund's state resolves. */
const STATE_ALERT_KINDS = [
  'refundFailed',
  'refundAbnormal',
  'refundWaiting',
  'refundStuck',
  'jobStuck',
] as const;
/** Alerts that only the end of a refund resolves. */
export const REFUND_ALERT_KINDS = [...STATE_ALERT_KINDS, 'refundClosed'] as const;

/** The alert that a state of a refund raises. */
const stateAlerts: Readonly<Partial<Record<RefundRowState, AlertKind>>> = {
  failed: 'refundFailed',
  abnormal: 'refundAbnormal',
  waiting: 'refundWaiting',
};

/** The channel's states as ours. `absent`: the channel never received the refund. */
const refundRowStates: Readonly<Record<RefundState, RefundRowState>> = {
  processing: 'processing',
  done: 'done',
  abnormal: 'abnormal',
  closed: 'closed',
  notEnoughBalance: 'waiting',
  absent: 'requested',
};

/**
 * The job of a refund: requests it at the channel, always under the same number, until the channel
 * confirms its outcome. A refund that the channel confirms as closed is replaced by another one.
 * @returns when to check it again, in ms from now; null if no further check is due
 */
export async function syncRefund(context: OrderContext, refundId: string): Promise<number | null> {
  const { store, clock } = context;
  const refund = await findRefund(store, refundId);
  if (!refund || isFinalRefund(refund)) return null;
  const subject = await loadSubject(context, refund);
  if (!subject) return MISSING_CHANNEL_RETRY_MS;
  const isUnknown = await tryAdvance(context, subject);
  const after = (await findRefund(store, refundId)) ?? refund;
  await raiseAlertIfOverdue(context, after);
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
  if (gateway) {
    return {
      refund,
      order,
      capture,
      gateway,
      exceedsCapture: refundableFen(capture, await listRefunds(store, order.id)) < 0,
      isSettlementPending: await isSettlementPending(store, refund.id),
    };
  }
  await raiseAlert(store, { kind: 'channelMissing', subject: order.id, now: clock() });
  return undefined;
}

async function raiseAlertIfOverdue(
  { store, clock, log }: OrderContext,
  refund: RefundRow,
): Promise<void> {
  const now = clock();
  const { state, state_since, order_id: subject, id: key, number: detail } = refund;
  if (state === 'waiting') {
    const alert = { kind: 'refundWaiting', subject, key, detail, now } as const;
    if (await renewAlert(store, alert, WAITING_ALERT_EVERY_MS))
      log.error({ refund: detail }, 'the balance still does not cover a refund');
    return;
  }
  if (state !== 'requested' || now - state_since < STUCK_AFTER_MS) return;
  await raiseAlert(store, { kind: 'refundStuck', subject, key, detail, now });
}

/** Whether the refund may be requested, if the channel does not know it. */
function maySend({ refund, exceedsCapture, isSettlementPending: isHeld }: RefundSubject): boolean {
  // While staff settle a refund outside the channel, the channel must not be asked to pay it as well.
  return refund.origin === 'shop' && !exceedsCapture && !isHeld;
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
  const isUnconfirmed = refund.state === 'requested' || refund.state === 'waiting';
  if (isUnconfirmed && maySend(subject)) return sendRefund(context, subject);
  const state = await queryRefund(context, subject);
  return state === 'absent'
    ? handleAbsent(context, subject)
    : applyRefundState(subject, refundRowStates[state]);
}

/** What the channel's state means for a refund that staff may have redirected or be settling. */
function applyRefundState(
  { refund, isSettlementPending: isHeld }: RefundSubject,
  state: RefundRowState,
): RefundRowState {
  // The money reached the shop's account, not the customer.
  if (state === 'done' && refund.redirected_to === 'merchant') return 'abnormal';
  // Not replaced while a person says that the customer was paid in another way.
  return state === 'closed' && isHeld ? refund.state : state;
}

/** The channel refused or lost a refund, or never received it. */
function handleAbsent(
  context: OrderContext,
  subject: RefundSubject,
): Promise<RefundRowState> | RefundRowState {
  const { refund, exceedsCapture } = subject;
  // The channel's own refund took its place. The channel never pays more than it captured, so a request of
  // ours that is still on its way will be refused.
  if (exceedsCapture && refund.origin === 'shop') return 'closed';
  if (!maySend(subject) || refund.state === 'abnormal') return refund.state;
  return refund.state === 'failed' ? sendRefund(context, subject) : 'requested';
}

function queryRefund(
  context: OrderContext,
  { gateway, order, refund }: RefundSubject,
): Promise<RefundState> {
  const call = () => gateway.queryRefund(refund.number);
  return loggedCall(context, order.id, 'queryRefund', call, (answer) => answer);
}

async function sendRefund(context: OrderContext, subject: RefundSubject): Promise<RefundRowState> {
  const { gateway, order, capture, refund } = subject;
  const intent = startIntent(context);
  // Read again within the intent: another process may have advanced the refund, or staff may be settling it.
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
  if (result.outcome === 'refused') return 'failed';
  // Only a query ends a refund number.
  const state = result.value === 'closed' ? await queryRefund(context, subject) : result.value;
  return refundRowStates[state];
}

async function recordRefundState(
  { store, clock, log }: OrderContext,
  subject: RefundSubject,
  state: RefundRowState,
): Promise<void> {
  const { order, refund } = subject;
  if (state === refund.state) return;
  const now = clock();
  await store.transaction().execute(async (tx) => {
    const changed =
      state === 'closed'
        ? await closeRefund(tx, subject, now)
        : await transitionRefund(tx, refund, state, now);
    if (!changed) return;
    const resolved = isFinalRefund(changed) ? REFUND_ALERT_KINDS : STATE_ALERT_KINDS;
    await resolveAlertsOfKey(tx, refund.id, now, resolved);
    const kind = stateAlerts[state];
    if (kind) {
      log.error({ order: order.number, state }, 'a refund cannot be completed without a person');
      await raiseAlert(tx, {
        kind,
        subject: order.id,
        key: refund.id,
        detail: refund.number,
        now,
      });
    }
    const updatedOrder = await updateOrderFromRefunds(tx, order.id, now);
    // If the order is refunded in full, its change of state is the event.
    if (state === 'done' && !updatedOrder) {
      const detail = `¥${formatYuan(fen(refund.amount_fen))} ${refund.number}`;
      await addOrderEvent(tx, order, { at: now, type: 'refundPaid', detail });
    }
  });
}

/**
 * Closes a refund and requests what is still owed under a new number.
 * @returns the closed refund; undefined if another process changed the refund or the order first
 */
async function closeRefund(
  tx: Tx,
  { refund, order: { id: orderId }, capture }: RefundSubject,
  now: number,
): Promise<RefundRow | undefined> {
  const order = await findOrder(tx, orderId);
  const lockedOrder = order && (await lockOrder(tx, order));
  const closed = lockedOrder && (await transitionRefund(tx, refund, 'closed', now));
  if (!closed) return undefined;
  // What staff refund in the channel's console is theirs to repeat, unless the customer is owed all of it.
  const isOwed = closed.origin === 'shop' || isBeingRefunded(lockedOrder);
  const replacement = isOwed
    ? await replaceClosedRefund(tx, lockedOrder, { closed, capture, now })
    : undefined;
  if (replacement) {
    const { id: key, number: detail } = replacement;
    await raiseAlert(tx, { kind: 'refundClosed', subject: orderId, key, detail, now });
  }
  return closed;
}
