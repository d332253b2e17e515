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
import type { LedgerOrderRow, LedgerRefund } from './read-book';
import type { DayAndChannel } from './reconciliation-queries';
import { writeDifferences, writeSums } from './reconciliation-queries';

type Tx = Transaction<Database>;

interface ComparisonResult {
  comparison: Comparison;
  /** What the book has of the orders and refunds that differ. */
  ledger: { orders: readonly LedgerOrderRow[]; refunds: readonly LedgerRefund[] };
}

/** Marks what the bill told us apart from what the channel sent; it stands before a transaction number. */
export const BILL_MARK = 'bill|';

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
  about: DayAndChannel,
  { comparison, ledger }: ComparisonResult,
): Promise<void> {
  const now = clock();
  await store.transaction().execute(async (tx) => {
    await writeSums(tx, about, comparison, now);
    const open = await writeDifferences(tx, about, comparison.differences, now);
    for (const difference of comparison.differences) {
      if (difference.automatic) await lookAgain(tx, about, { difference, ledger, now });
    }
    await callPerson(tx, about, open, now);
  });
}

/** What the rules had their chance with, and could not settle, is a person's as well. */
async function callPerson(
  tx: Tx,
  about: DayAndChannel,
  open: readonly DifferenceRow[],
  now: number,
): Promise<void> {
  const subject = reconciliationSubject(about);
  const forPerson = open.filter((row) => row.automatic === 0 || row.found_at < now);
  if (open.length === 0) await resolveAlerts(tx, subject, now, ['booksDiffer']);
  if (forPerson.length === 0) return;
  const detail = [...new Set(forPerson.map(({ kind }) => kind))].join(', ');
  await raiseAlert(tx, { kind: 'booksDiffer', subject, detail, now });
}

/** Has the channel or the platform asked about a difference, by the job that always asks. */
async function lookAgain(
  tx: Tx,
  { channel }: DayAndChannel,
  { difference, ledger, now }: { difference: Difference; ledger: ComparisonResult['ledger']; now: number },
): Promise<void> {
  const { kind, orderNumber, reference } = difference;
  if (kind === 'paidThereNotHere') {
    return takeAsNotification(tx, channel, { orderNumber, transactionId: reference, now });
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
async function takeAsNotification(
  tx: Tx,
  channel: string,
  payment: { orderNumber: string; transactionId: string; now: number },
): Promise<void> {
  const { orderNumber, transactionId, now } = payment;
  const id = `${BILL_MARK}${transactionId}`;
  const told = { id, kind: 'payment', orderNumber, transactionId, signed: true } as const;
  const { id: subjectId } = await storeNotification(tx, channel, told, now);
  await scheduleJob(tx, { kind: NOTIFICATION_JOB, subjectId, runAt: now });
}
