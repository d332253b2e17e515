import { startOfBillingMonth } from '@shared/billing-month';
import { checkLedger } from '../../reconciliation/ledger-check';
import { isFinalRefund } from '../../refunds/refund-state';
import type { RefundRow } from '../../store/schema';
import type { Store } from '../../store/store';
import { type Finding, notificationKey, type OrderRecord, type OrderRecords } from './checker';

function groupBy<Row extends { order_id: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.order_id, [...(groups.get(row.order_id) ?? []), row]);
  return groups;
}

/** A refund of a second payment in the console only anticipates ours. One of the payment that is kept is goodwill. */
function isGoodwillInConsole(
  { origin, capture_id: captureId }: RefundRow,
  keptCaptures: ReadonlySet<string>,
): boolean {
  return origin === 'channel' && keptCaptures.has(captureId);
}

/** Reads what the checker compares. Reads whole tables, so it is for small stores only. */
export async function readRecords(store: Store): Promise<OrderRecords> {
  const orders = await store.selectFrom('orders').selectAll().orderBy('id').execute();
  const captureRows = await store.selectFrom('captures').selectAll().execute();
  const captures = groupBy(captureRows);
  const keptTransactions = new Set(orders.map(({ transaction_id: id }) => id));
  const keptCaptures = new Set(
    captureRows.filter((row) => keptTransactions.has(row.transaction_id)).map(({ id }) => id),
  );
  const refunds = groupBy(await store.selectFrom('refunds').selectAll().execute());
  const jobs = await store.selectFrom('jobs').select('subject_id').execute();
  const alerts = await store
    .selectFrom('alerts')
    .select('subject')
    .where('open_key', 'is not', null)
    .execute();
  const notifications = await store
    .selectFrom('notifications')
    .select(['channel', 'external_id'])
    .execute();
  const subjectsWithJob = new Set(jobs.map(({ subject_id }) => subject_id));
  const subjectsWithAlert = new Set(alerts.map(({ subject }) => subject));
  const openDifferences = await store
    .selectFrom('differences')
    .select(['day', 'channel', 'order_number'])
    .where('settled_at', 'is', null)
    .execute();
  // The alert of a day's reconciliation leads to every order in that day's list of differences.
  for (const { day, channel, order_number } of openDifferences) {
    if (subjectsWithAlert.has(`${day}|${channel}`)) subjectsWithAlert.add(order_number);
  }
  return {
    orders: orders.map(({ id, number, state, amount_fen, ...row }): OrderRecord => ({
      number,
      state,
      amountFen: amount_fen,
      month: startOfBillingMonth(row.effective_from, row.settlement_day),
      capturedFen: (captures.get(id) ?? []).reduce((sum, each) => sum + each.amount_fen, 0),
      refunds: (refunds.get(id) ?? []).map((refund) => ({
        number: refund.number,
        // A closed refund was not paid, and what is still owed has a refund of its own.
        amountFen: refund.state === 'closed' ? 0 : refund.amount_fen,
        done: isFinalRefund(refund),
        byStaff: refund.staff_id !== null || isGoodwillInConsole(refund, keptCaptures),
        hasJob: subjectsWithJob.has(refund.id),
      })),
      hasJob: subjectsWithJob.has(id),
      hasAlert: subjectsWithAlert.has(id) || subjectsWithAlert.has(number),
    })),
    notifications: new Set(
      notifications.map(({ channel, external_id }) => notificationKey(channel, external_id)),
    ),
  };
}

/** The findings of the BFF's own integrity check of the ledger. */
export async function findIntegrityFaults(store: Store): Promise<Finding[]> {
  const faults = await checkLedger(store);
  return faults.map(({ rule, subject, detail }) => ({
    kind: 'inconsistent',
    orderNumber: subject,
    detail: `${rule}: ${detail}`,
  }));
}
