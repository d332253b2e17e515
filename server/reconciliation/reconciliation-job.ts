import { beijingDate } from '@shared/beijing-time';
import { raiseAlert } from '../alerts/alert-queries';
import { hasJobAfter, MAX_SCHEDULE_AHEAD_MS, scheduleJob } from '../jobs/job-queries';
import type { PaymentGateway } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import type { Store } from '../store/store';
import { addDays, comparableFrom, DAY_MS, lateFrom, MAX_DAYS_BACK } from './days';
import { firstPaymentAt, hasOrders, readChannels } from './ledger-queries';
import type { ReconciliationContext } from './reconcile-day';
import { reconcileDay } from './reconcile-day';
import { findLastComparedDay, readComparisonStatus } from './reconciliation-queries';
import { reconciliationSubject } from './record-comparison';

/** The kind of the jobs that compare days. Their subject is the day. */
export const RECONCILIATION_JOB = 'reconciliation';

/** A day with open differences is compared again after as long as they have been open, within these limits. */
const MIN_RECHECK_MS = 30 * 60_000;
const MAX_RECHECK_MS = DAY_MS;

/** The channels to compare: the current one, and configured ones that have payments. */
export async function channelsToCompare({
  store,
  gateways,
}: Pick<ReconciliationContext, 'store' | 'gateways'>): Promise<PaymentGateway[]> {
  const names = new Set([gateways.current.name, ...(await readChannels(store))]);
  return [...names].flatMap((name) => gateways.find(name) ?? []);
}

function oldestDay(now: number): string {
  return addDays(beijingDate(now), -MAX_DAYS_BACK);
}

/**
 * The job of a day: compares it with each channel as soon as its bill is available, and again while
 * differences are open. It also schedules the next day's job, so that no day is left out.
 * @returns when to run again, in ms from now; null if nothing is open
 */
export async function runReconciliationJob(
  context: ReconciliationContext,
  day: string,
): Promise<number | null> {
  const { store, clock } = context;
  const now = clock();
  const wait = comparableFrom(day) - now;
  if (wait > 0) return wait;
  await ensureNextDay(store, day, now);
  if (day < oldestDay(now) || !(await hasOrders(store))) return null;
  let isOpen = false;
  for (const gateway of await channelsToCompare(context)) {
    const isDone = await reconcileChannel(context, gateway, day);
    isOpen ||= !isDone;
  }
  return isOpen ? MAX_SCHEDULE_AHEAD_MS : null;
}

/** @returns whether the day has been compared with the channel and no difference is open */
async function reconcileChannel(
  context: ReconciliationContext,
  gateway: PaymentGateway,
  day: string,
): Promise<boolean> {
  const dayAndChannel = { day, channel: gateway.name };
  const before = await readComparisonStatus(context.store, dayAndChannel);
  if (before?.open === 0) return true;
  if (before && context.clock() < nextComparisonAt(day, before.comparedAt)) return false;
  if (!(await tryReconcileDay(context, gateway, day))) {
    if (!before) await raiseAlertIfLate(context, gateway.name, day);
    return false;
  }
  const after = await readComparisonStatus(context.store, dayAndChannel);
  return after?.open === 0;
}

function nextComparisonAt(day: string, comparedAt: number): number {
  const pause = comparedAt - comparableFrom(day);
  return comparedAt + Math.min(Math.max(pause, MIN_RECHECK_MS), MAX_RECHECK_MS);
}

async function tryReconcileDay(
  context: ReconciliationContext,
  gateway: PaymentGateway,
  day: string,
) {
  try {
    return (await reconcileDay(context, gateway, day)) === 'done';
  } catch (error) {
    if (!(error instanceof PlatformUnavailable)) throw error;
    context.log.warn({ err: error, day, channel: gateway.name }, 'a day could not be compared');
    return false;
  }
}

/** Calls a person for a day that could not be compared until noon. */
async function raiseAlertIfLate(
  { store, clock, log }: ReconciliationContext,
  channel: string,
  day: string,
): Promise<void> {
  const now = clock();
  if (now < lateFrom(day)) return;
  log.error({ day, channel }, 'a day could not be compared until noon of the next day');
  const subject = reconciliationSubject({ day, channel });
  await raiseAlert(store, { kind: 'booksDiffer', subject, detail: 'notCompared', now });
}

/** Schedules the next day's job, unless there is a job for a later day. */
async function ensureNextDay(store: Store, day: string, now: number): Promise<void> {
  if (await hasJobAfter(store, RECONCILIATION_JOB, day)) return;
  const next = addDays(day, 1);
  await scheduleJob(store, { kind: RECONCILIATION_JOB, subjectId: next, runAt: now });
}

/**
 * Schedules the comparison of the days since the last one compared, at most a month back, unless there is
 * a job already. To be called when a process starts.
 */
export async function scheduleReconciliation({
  store,
  clock,
}: Pick<ReconciliationContext, 'store' | 'clock'>): Promise<void> {
  if (await hasJobAfter(store, RECONCILIATION_JOB, '')) return;
  const now = clock();
  const last = await findLastComparedDay(store);
  const first = await firstPaymentAt(store);
  const since = last === undefined ? beijingDate(first ?? now) : addDays(last, 1);
  const oldest = oldestDay(now);
  const day = since < oldest ? oldest : since;
  await scheduleJob(store, { kind: RECONCILIATION_JOB, subjectId: day, runAt: now });
}
