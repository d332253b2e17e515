import { fen, formatYuan } from '@shared/money';
import { raiseAlert, resolveAlertsOfKey } from '../alerts/alert-queries';
import { addOrderEvent, findOrder } from '../orders/order-queries';
import type { OrderContext } from '../orders/settlement';
import { loggedCall, describeOutcome, OutcomeUnknown, UNKNOWN_MS } from '../orders/settlement';
import { listCaptures } from '../payments/captures';
import type { PaymentGateway, RefundState } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import type { CaptureRow, OrderRow, RefundRow } from '../store/schema';
import { followRefunds } from './follow-refunds';
import { changeRefundState, findRefund } from './refund-queries';
import type { RefundRowState } from './refund-state';
import { nextRefundCheckIn } from './refund-state';

/** A refund with what it is of. */
interface RefundContext {
  refund: RefundRow;
  order: OrderRow;
  capture: CaptureRow;
  gateway: PaymentGateway;
}

/** What the customer reads on WeChat's receipt. */
const reasons: Readonly<Record<string, string>> = {
  paidTwice: '重复付款，原路退款',
  reviewing: '付款与订单不符，原路退款',
};
const OTHER_REASON = '充值未成功，原路退款';
const STAFF_REASON = '商家退款';

/** How long the channel may leave open whether it got a refund. */
const STUCK_MS = 25 * 60_000;
const MISSING_CHANNEL_MS = 10 * 60_000;
const ALERTS_OF_REFUNDS = ['refundFailed', 'refundWaiting', 'refundStuck', 'jobStuck'] as const;

/** The channel's answer, as our states; `absent` is a refund the channel never got. */
const stateFor: Readonly<Record<RefundState, RefundRowState>> = {
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
    const refundContext = await open(context, refund);
    if (!refundContext) return MISSING_CHANNEL_MS;
    let isUnknown = false;
    try {
      const state = await learn(context, refundContext);
      await record(context, refundContext, state);
    } catch (error) {
      if (!(error instanceof PlatformUnavailable)) throw error;
      isUnknown = error instanceof OutcomeUnknown;
      log.warn({ err: error, order: refundContext.order.number }, 'the channel did not answer');
    }
    const after = (await findRefund(store, refundId)) ?? refund;
    await callPersonIfStuck(context, after);
    const usual = nextRefundCheckIn(after.state, clock() - after.state_since) ?? null;
    return isUnknown && usual !== null ? Math.min(usual, UNKNOWN_MS) : usual;
  };
}

/** Undefined where the channel is not configured any more; a person is called then. */
async function open(context: OrderContext, refund: RefundRow): Promise<RefundContext | undefined> {
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

async function callPersonIfStuck({ store, clock }: OrderContext, refund: RefundRow): Promise<void> {
  const now = clock();
  if (refund.state !== 'requested' || now - refund.state_since < STUCK_MS) return;
  const { order_id: subject, id: key, number: detail } = refund;
  await raiseAlert(store, { kind: 'refundStuck', subject, key, detail, now });
}

/** What became of a refund. @throws OutcomeUnknown where the channel's answer leaves it open */
async function learn(context: OrderContext, refundContext: RefundContext): Promise<RefundRowState> {
  const { refund } = refundContext;
  if (refund.state === 'requested' || refund.state === 'waiting') return send(context, refundContext);
  const state = await query(context, refundContext);
  if (state !== 'absent') return stateFor[state];
  // What the channel refused, or lost, may be possible now.
  return refund.state === 'failed' ? send(context, refundContext) : 'requested';
}

function query(context: OrderContext, { gateway, order, refund }: RefundContext): Promise<RefundState> {
  const call = () => gateway.queryRefund(refund.number);
  return loggedCall(context, order.id, 'queryRefund', call, (answer) => answer);
}

async function send(
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
      reason: refund.staff_id === null ? (reasons[refund.reason] ?? OTHER_REASON) : STAFF_REASON,
    });
  const result = await loggedCall(context, order.id, 'refund', request, describeOutcome);
  if (result.outcome === 'unknown') throw new OutcomeUnknown(result.message);
  return result.outcome === 'refused' ? 'failed' : stateFor[result.value];
}

async function record(
  { store, clock, log }: OrderContext,
  { order, refund }: RefundContext,
  state: RefundRowState,
): Promise<void> {
  if (state === refund.state) return;
  const now = clock();
  await store.transaction().execute(async (tx) => {
    const changed = await changeRefundState(tx, refund, state, now);
    if (!changed) return;
    await resolveAlertsOfKey(tx, refund.id, now, ALERTS_OF_REFUNDS);
    if (state === 'failed' || state === 'waiting') {
      log.error({ order: order.number, state }, 'a refund needs a person');
      const kind = state === 'failed' ? 'refundFailed' : 'refundWaiting';
      const { id: key, number: detail } = refund;
      await raiseAlert(tx, { kind, subject: order.id, key, detail, now });
    }
    const followed = await followRefunds(tx, order.id, now);
    // Of an order that is given back as a whole, its states tell.
    if (state === 'done' && !followed) {
      const detail = `¥${formatYuan(fen(refund.amount_fen))} ${refund.number}`;
      await addOrderEvent(tx, order, { at: now, type: 'refundPaid', detail });
    }
  });
}
