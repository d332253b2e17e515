import { fen, formatYuan } from '@shared/money';
import { scheduleJob } from '../jobs/job-queries';
import { listCaptures } from '../orders/capture-queries';
import { loggedCall } from '../orders/logged-call';
import type { OrderContext } from '../orders/order-context';
import { findOrder } from '../orders/order-queries';
import { addOrderEvent, lockOrder, transitionOrder } from '../orders/transition-order';
import type { ChannelRefund } from '../platforms/ports';
import type { CaptureRow, OrderRow, RefundRow } from '../store/schema';
import type { Tx } from '../store/store';
import { isUniqueViolation } from '../store/unique-violation';
import {
  findRefundByNumber,
  insertRefundRow,
  listRefunds,
  REFUND_JOB,
  refundableFen,
} from './refund-queries';
import { isFinalRefund } from './refund-state';
import { updateOrderFromRefunds } from './sync-order-refunds';

/** The reason that is stored with a refund made in the channel's console. */
const CHANNEL_REFUND_REASON = 'madeAtChannel';

/**
 * Records a refund of an order that was not requested by us, such as one made in the channel's own console,
 * after a query has confirmed it. It counts like our own refunds: less is left to refund, and an order whose
 * payments it returns in full is refunded.
 * @returns `unknownTransaction` if the refunded payment is not recorded yet
 * @throws PlatformUnavailable if the channel does not answer
 */
export async function recordChannelRefund(
  context: OrderContext,
  order: OrderRow,
  refundNumber: string,
): Promise<'done' | 'unknownTransaction'> {
  const { store, gateways, log } = context;
  if (await findRefundByNumber(store, refundNumber)) return 'done';
  const findRefund = gateways.find(order.channel)?.findRefund;
  if (!findRefund) return 'done';
  const call = () => findRefund(refundNumber);
  const refund = await loggedCall(context, order.id, 'findRefund', call, describeRefund);
  if (refund?.orderNumber !== order.number || refund.state === 'closed') return 'done';
  const captures = await listCaptures(store, order.id);
  const capture = captures.find(({ transaction_id: id }) => id === refund.transactionId);
  if (!capture) return 'unknownTransaction';
  log.warn({ order: order.number }, 'the channel refunded without a request of ours');
  await insertChannelRefund(context, order, { refundNumber, refund, capture });
  return 'done';
}

function describeRefund(refund: ChannelRefund | undefined): string {
  return refund ? `${refund.state} ¥${formatYuan(refund.amount)}` : 'absent';
}

interface FoundRefund {
  refundNumber: string;
  refund: ChannelRefund;
  capture: CaptureRow;
}

async function insertChannelRefund(
  { store, clock }: OrderContext,
  { id: orderId }: OrderRow,
  found: FoundRefund,
): Promise<void> {
  const now = clock();
  try {
    await store.transaction().execute(async (tx) => {
      const order = await findOrder(tx, orderId);
      const lockedOrder = order && (await lockOrder(tx, order));
      // A concurrent change of the order: the caller's job is repeated.
      if (!lockedOrder) throw new Error(`order ${orderId} was changed concurrently`);
      await applyChannelRefund(tx, lockedOrder, found, now);
    });
  } catch (error) {
    if (!isUniqueViolation(error, 'refunds.number')) throw error;
  }
}

async function applyChannelRefund(
  tx: Tx,
  order: OrderRow,
  { refundNumber, refund, capture }: FoundRefund,
  now: number,
): Promise<void> {
  const { state, amount } = refund;
  const row = await insertRefundRow(
    tx,
    {
      order_id: order.id,
      capture_id: capture.id,
      number: refundNumber,
      amount_fen: amount,
      reason: CHANNEL_REFUND_REASON,
      state,
      origin: 'channel',
      created_at: now,
    },
    isFinalRefund({ state }) ? null : now,
  );
  const refunds = await listRefunds(tx, order.id);
  await checkOwnRefundsSoon(tx, refunds, now);
  const changed = await updateOrder(tx, order, refunds, now);
  if (changed?.state === 'refunded') return;
  const detail = `¥${formatYuan(fen(amount))} ${row.number}`;
  const type = state === 'done' ? 'refundPaid' : 'refundAsked';
  await addOrderEvent(tx, changed ?? order, { at: now, type, detail });
}

/** Refunds of ours may have become impossible, because the channel has refunded the same money. */
async function checkOwnRefundsSoon(
  tx: Tx,
  refunds: readonly RefundRow[],
  now: number,
): Promise<void> {
  for (const refund of refunds) {
    if (refund.origin === 'shop' && !isFinalRefund(refund))
      await scheduleJob(tx, { kind: REFUND_JOB, subjectId: refund.id, runAt: now });
  }
}

/** Moves an order on whose payments the channel has refunded. */
async function updateOrder(
  tx: Tx,
  order: OrderRow,
  refunds: readonly RefundRow[],
  now: number,
): Promise<OrderRow | undefined> {
  if (order.state !== 'reviewing') return updateOrderFromRefunds(tx, order.id, now);
  const captures = await listCaptures(tx, order.id);
  // What is left is refunded by a person: nobody but the shop knows why only a part was refunded.
  if (captures.some((capture) => refundableFen(capture, refunds) > 0)) return undefined;
  const refunding = await transitionOrder(tx, order, 'refunding', now, { detail: 'madeAtChannel' });
  return refunding && ((await updateOrderFromRefunds(tx, order.id, now)) ?? refunding);
}
