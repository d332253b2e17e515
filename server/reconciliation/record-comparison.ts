import type { Transaction } from 'kysely';
import { raiseAlert, resolveAlerts } from '../alerts/alert-queries';
import { scheduleJob } from '../jobs/job-queries';
import { storeNotification } from '../notifications/notification-queries';
import { NOTIFICATION_JOB } from '../notifications/notification-service';
import { checkOrderSoon } from '../orders/order-queries';
import { REFUND_JOB } from '../refunds/refund-queries';
import type { Database, DifferenceRow } from '../store/schema';
import type { Store } from '../store/store';
import type { Comparison, Difference } from './compare';
import type { LedgerOrderRow, LedgerRefund } from './ledger-queries';
import type { DayAndChannel } from './reconciliation-queries';
import { saveDifferences, saveTotals } from './reconciliation-queries';

type Tx = Transaction<Database>;

interface ComparisonResult {
  comparison: Comparison;
  /** What the book has of the orders and refunds that differ. */
  ledger: { orders: readonly LedgerOrderRow[]; refunds: readonly LedgerRefund[] };
}

/** Marks what the bill told us apart from what the channel sent; it stands before a transaction number. */
export const BILL_NOTIFICATION_PREFIX = 'bill|';

/** What a booksDiffer alert is about. */
export function reconciliationSubject({ day, channel }: DayAndChannel): string {
  return `${day}|${channel}`;
}

/**
 * Writes a comparison down, has looked at again what the rules can settle, and calls a person for the
 * rest: all of it in one transaction.
 */
export async function recordComparison(
  { store, clock }: { store: Store; clock: () => number },
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

/** What the rules had their chance with, and could not settle, is a person's as well. */
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

/** Has the channel or the platform asked about a difference, by the job that always asks. */
async function scheduleRecheck(
  tx: Tx,
  { channel }: DayAndChannel,
  {
    difference,
    ledger,
    now,
  }: { difference: Difference; ledger: ComparisonResult['ledger']; now: number },
): Promise<void> {
  const { kind, orderNumber, reference } = difference;
  if (kind === 'paidThereNotHere') {
    return enqueueAsNotification(tx, channel, { orderNumber, transactionId: reference, now });
  }
  if (kind === 'refundDiffers') {
    const refund = ledger.refunds.find((row) => row.reference === reference);
    if (refund) await scheduleJob(tx, { kind: REFUND_JOB, subjectId: refund.id, runAt: now });
    return;
  }
  const order = ledger.orders.find(({ number }) => number === orderNumber);
  if (order) await checkOrderSoon(tx, order.id, now);
}

/** A payment the bill tells of is worked on as if the channel had sent a notification of it. */
async function enqueueAsNotification(
  tx: Tx,
  channel: string,
  payment: { orderNumber: string; transactionId: string; now: number },
): Promise<void> {
  const { orderNumber, transactionId, now } = payment;
  const id = `${BILL_NOTIFICATION_PREFIX}${transactionId}`;
  const notification = { id, kind: 'payment', orderNumber, transactionId, signed: true } as const;
  const { id: subjectId } = await storeNotification(tx, channel, notification, now);
  await scheduleJob(tx, { kind: NOTIFICATION_JOB, subjectId, runAt: now });
}
