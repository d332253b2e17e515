import { raiseAlert, resolveAlerts } from '../alerts/alert-queries';
import { scheduleJob } from '../jobs/job-queries';
import { storeNotification } from '../notifications/notification-queries';
import { NOTIFICATION_JOB } from '../notifications/receive-notification';
import type { StoreAndClock } from '../orders/order-context';
import { checkOrderSoon } from '../orders/order-job';
import type { ChannelNotification } from '../platforms/ports';
import { REFUND_JOB } from '../refunds/refund-queries';
import type { DifferenceRow } from '../store/schema';
import type { Tx } from '../store/store';
import type { Comparison, Difference } from './compare';
import type { LedgerOrderRow, LedgerRefund } from './ledger-queries';
import type { DayAndChannel } from './reconciliation-queries';
import { saveDifferences, saveTotals } from './reconciliation-queries';

interface ComparisonResult {
  comparison: Comparison;
  /** Our records of the orders and refunds that may differ. */
  ledger: { orders: readonly LedgerOrderRow[]; refunds: readonly LedgerRefund[] };
}

/** Marks notifications that we derived from a bill; precedes the transaction number in their id. */
export const BILL_NOTIFICATION_PREFIX = 'bill|';

/** The subject of a `booksDiffer` alert. */
export function reconciliationSubject({ day, channel }: DayAndChannel): string {
  return `${day}|${channel}`;
}

/**
 * Stores a comparison, schedules checks of the differences that may settle themselves, and calls a person
 * for the others, in one transaction.
 */
export async function recordComparison(
  { store, clock }: StoreAndClock,
  dayAndChannel: DayAndChannel,
  { comparison, ledger }: ComparisonResult,
): Promise<void> {
  const now = clock();
  await store.transaction().execute(async (tx) => {
    await saveTotals(tx, dayAndChannel, comparison, now);
    const open = await saveDifferences(tx, dayAndChannel, comparison.differences, now);
    for (const difference of comparison.differences) {
      if (difference.automatic)
        await scheduleRecheck(tx, dayAndChannel, { difference, ledger, now });
    }
    await raiseOrResolveAlert(tx, dayAndChannel, open, now);
  });
}

/** An automatic difference that an earlier comparison found was not settled by its check: it needs a person. */
async function raiseOrResolveAlert(
  tx: Tx,
  dayAndChannel: DayAndChannel,
  open: readonly DifferenceRow[],
  now: number,
): Promise<void> {
  const subject = reconciliationSubject(dayAndChannel);
  const needsReview = open.filter((row) => row.automatic === 0 || row.found_at < now);
  if (open.length === 0) await resolveAlerts(tx, subject, now, ['booksDiffer']);
  if (needsReview.length === 0) return;
  const detail = [...new Set(needsReview.map(({ kind }) => kind))].join(', ');
  await raiseAlert(tx, { kind: 'booksDiffer', subject, detail, now });
}

/** Schedules the job that queries the channel or platform about the subject of a difference. */
async function scheduleRecheck(
  tx: Tx,
  { channel }: DayAndChannel,
  recheck: { difference: Difference; ledger: ComparisonResult['ledger']; now: number },
): Promise<void> {
  const { difference, ledger, now } = recheck;
  const { kind, orderNumber, reference } = difference;
  if (kind === 'paidThereNotHere') {
    const id = `${BILL_NOTIFICATION_PREFIX}${reference}`;
    const payment = { id, kind: 'payment', orderNumber, transactionId: reference } as const;
    return enqueueAsNotification(tx, channel, payment, now);
  }
  if (kind === 'refundedThereNotHere') {
    const id = `${BILL_NOTIFICATION_PREFIX}refund|${reference}`;
    const refund = {
      id,
      kind: 'refund',
      orderNumber,
      transactionId: null,
      refundNumber: reference,
    } as const;
    return enqueueAsNotification(tx, channel, refund, now);
  }
  if (kind === 'refundDiffers') {
    const refund = ledger.refunds.find((row) => row.reference === reference);
    if (refund) await scheduleJob(tx, { kind: REFUND_JOB, subjectId: refund.id, runAt: now });
    return;
  }
  const order = ledger.orders.find(({ number }) => number === orderNumber);
  if (order) await checkOrderSoon(tx, order.id, now);
}

/** Processes what only the bill lists as if the channel had sent a notification about it. */
async function enqueueAsNotification(
  tx: Tx,
  channel: string,
  content: Omit<ChannelNotification, 'signed'>,
  now: number,
): Promise<void> {
  const notification: ChannelNotification = { ...content, signed: true };
  const { id: subjectId } = await storeNotification(tx, channel, notification, now);
  await scheduleJob(tx, { kind: NOTIFICATION_JOB, subjectId, runAt: now });
}
