import { fen, formatYuan } from '@shared/money';
import { raiseAlert, resolveAlertsOfKey } from '../alerts/alert-queries';
import { addOrderEvent, findOrder } from '../orders/order-queries';
import type { OrderContext } from '../orders/order-context';
import {
  loggedCall,
  describeOutcome,
  OutcomeUnknown,
  UNKNOWN_RETRY_MS,
} from '../orders/order-context';
import { listCaptures } from '../orders/capture-queries';
import type { PaymentGateway, RefundState } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import type { CaptureRow, OrderRow, RefundRow } from '../store/schema';
import { updateOrderFromRefunds } from './sync-order-refunds';
import { transitionRefund, findRefund } from './refund-queries';
import type { RefundRowState } from './refund-state';
import { nextRefundCheckDelay } from './refund-state';

/** A refund with what it is of. */
interface RefundContext {
  refund: RefundRow;
  order: OrderRow;
  capture: CaptureRow;
  gateway: PaymentGateway;
}

/** What the customer reads on WeChat's receipt. */
const refundReasonTexts: Readonly<Record<string, string>> = {
  paidTwice: '重复付款，原路退款',
  reviewing: '付款与订单不符，原路退款',
};
const DEFAULT_REASON = '充值未成功，原路退款';
const STAFF_REASON = '商家退款';

/** How long the channel may leave open whether it got a refund. */
const STUCK_AFTER_MS = 25 * 60_000;
const MISSING_CHANNEL_RETRY_MS = 10 * 60_000;
const REFUND_ALERT_KINDS = ['refundFailed', 'refundWaiting', 'refundStuck', 'jobStuck'] as const;

/** The channel's answer, as our states; `absent` is a refund the channel never got. */
const refundRowStates: Readonly<Record<RefundState, RefundRowState>> = {
  processing: 'processing',
  done: 'done',
  abnormal: 'failed',
  notEnoughBalance: 'waiting',
  absent: 'requested',
};

/**
 * The refund job: sends a refund, always under its one number, until the channel says what became of
 * it.
 * @returns when to look again, in ms from now, or null for never
 */
export function createRefundJob(context: OrderContext) {
  const { store, clock, log } = context;

  return async function syncRefund(refundId: string): Promise<number | null> {
    const refund = await findRefund(store, refundId);
    if (!refund || refund.state === 'done') return null;
    const refundContext = await loadRefundContext(context, refund);
    if (!refundContext) return MISSING_CHANNEL_RETRY_MS;
    let isUnknown = false;
    try {
      const state = await advanceRefund(context, refundContext);
      await recordRefundState(context, refundContext, state);
    } catch (error) {
      if (!(error instanceof PlatformUnavailable)) throw error;
      isUnknown = error instanceof OutcomeUnknown;
      log.warn({ err: error, order: refundContext.order.number }, 'the channel did not answer');
    }
    const after = (await findRefund(store, refundId)) ?? refund;
    await raiseAlertIfStuck(context, after);
    const normalDelay = nextRefundCheckDelay(after.state, clock() - after.state_since) ?? null;
    return isUnknown && normalDelay !== null
      ? Math.min(normalDelay, UNKNOWN_RETRY_MS)
      : normalDelay;
  };
}

/** Undefined where the channel is not configured any more; a person is called then. */
async function loadRefundContext(
  context: OrderContext,
  refund: RefundRow,
): Promise<RefundContext | undefined> {
  const { store, gateways, clock } = context;
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

/** What became of a refund. @throws OutcomeUnknown where the channel's answer leaves it open */
async function advanceRefund(
  context: OrderContext,
  refundContext: RefundContext,
): Promise<RefundRowState> {
  const { refund } = refundContext;
  if (refund.state === 'requested' || refund.state === 'waiting')
    return sendRefund(context, refundContext);
  const state = await queryRefund(context, refundContext);
  if (state !== 'absent') return refundRowStates[state];
  // What the channel refused, or lost, may be possible now.
  return refund.state === 'failed' ? sendRefund(context, refundContext) : 'requested';
}

function queryRefund(
  context: OrderContext,
  { gateway, order, refund }: RefundContext,
): Promise<RefundState> {
  const call = () => gateway.queryRefund(refund.number);
  return loggedCall(context, order.id, 'queryRefund', call, (answer) => answer);
}

async function sendRefund(
  context: OrderContext,
  { gateway, order, capture, refund }: RefundContext,
): Promise<RefundRowState> {
  const request = () =>
    gateway.refund({
      orderNumber: order.number,
      transactionId: capture.transaction_id,
      refundNumber: refund.number,
      paid: fen(capture.amount_fen),
      amount: fen(refund.amount_fen),
      reason:
        refund.staff_id === null
          ? (refundReasonTexts[refund.reason] ?? DEFAULT_REASON)
          : STAFF_REASON,
    });
  const result = await loggedCall(context, order.id, 'refund', request, describeOutcome);
  if (result.outcome === 'unknown') throw new OutcomeUnknown(result.message);
  return result.outcome === 'refused' ? 'failed' : refundRowStates[result.value];
}

async function recordRefundState(
  { store, clock, log }: OrderContext,
  { order, refund }: RefundContext,
  state: RefundRowState,
): Promise<void> {
  if (state === refund.state) return;
  const now = clock();
  await store.transaction().execute(async (tx) => {
    const changed = await transitionRefund(tx, refund, state, now);
    if (!changed) return;
    await resolveAlertsOfKey(tx, refund.id, now, REFUND_ALERT_KINDS);
    if (state === 'failed' || state === 'waiting') {
      log.error({ order: order.number, state }, 'a refund needs a person');
      const kind = state === 'failed' ? 'refundFailed' : 'refundWaiting';
      const { id: key, number: detail } = refund;
      await raiseAlert(tx, { kind, subject: order.id, key, detail, now });
    }
    const updatedOrder = await updateOrderFromRefunds(tx, order.id, now);
    // Of an order that is given back as a whole, its states tell.
    if (state === 'done' && !updatedOrder) {
      const detail = `¥${formatYuan(fen(refund.amount_fen))} ${refund.number}`;
      await addOrderEvent(tx, order, { at: now, type: 'refundPaid', detail });
    }
  });
}
