import { beijingDate } from '@shared/beijing-time';
import { raiseAlert } from '../alerts/alert-queries';
import { MAX_SCHEDULE_AHEAD_MS, scheduleJob } from '../jobs/job-queries';
import type { JobHandler } from '../jobs/worker';
import type { PaymentGateway } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import type { Store } from '../store/store';
import { comparableFrom, DAY_MS, addDays, MAX_DAYS_BACK } from './days';
import { firstPaymentAt, hasOrders, readChannels } from './ledger-queries';
import type { ReconciliationParts } from './reconcile-day';
import { reconcileDay } from './reconcile-day';
import { findLastComparedDay, readComparisonStatus } from './reconciliation-queries';
import { reconciliationSubject } from './record-comparison';

export const RECONCILIATION_JOB = 'reconciliation';

/** What is open is compared again after as long as it has been open, within these bounds. */
const MIN_RECHECK_MS = 30 * 60_000;
const MAX_RECHECK_MS = DAY_MS;

/** The channels to compare: the one in use, and those the book has money of and that can be asked. */
export async function channelsToCompare({
  store,
  gateways,
}: Pick<ReconciliationParts, 'store' | 'gateways'>): Promise<PaymentGateway[]> {
  const names = new Set([gateways.current.name, ...(await readChannels(store))]);
  return [...names].flatMap((name) => gateways.find(name) ?? []);
}

function oldestDay(now: number): string {
  return addDays(beijingDate(now), -MAX_DAYS_BACK);
}

/**
 * The job of a day: compares it as soon as its bill can be there, and again for as long as something is
 * open, each channel by itself. It also makes the next day's job, so that no day is left out.
 */
export function createReconciliationJob(parts: ReconciliationParts): JobHandler {
  const { store, clock } = parts;

  return async function reconcile(day: string): Promise<number | null> {
    const now = clock();
    const wait = comparableFrom(day) - now;
    if (wait > 0) return wait;
    await ensureNextDay(store, day, now);
    if (day < oldestDay(now) || !(await hasOrders(store))) return null;
    let open = false;
    for (const gateway of await channelsToCompare(parts)) {
      const isDone = await reconcileChannel(parts, gateway, day);
      open ||= !isDone;
    }
    return open ? MAX_SCHEDULE_AHEAD_MS : null;
  };
}

/** @returns whether nothing is left to do for the day with this channel */
async function reconcileChannel(
  parts: ReconciliationParts,
  gateway: PaymentGateway,
  day: string,
): Promise<boolean> {
  const dayAndChannel = { day, channel: gateway.name };
  const before = await readComparisonStatus(parts.store, dayAndChannel);
  if (before?.open === 0) return true;
  if (before && parts.clock() < nextComparisonAt(day, before.comparedAt)) return false;
  if (!(await tryReconcileDay(parts, gateway, day))) {
    if (!before) await raiseAlertIfLate(parts, gateway.name, day);
    return false;
  }
  const after = await readComparisonStatus(parts.store, dayAndChannel);
  return after?.open === 0;
}

function nextComparisonAt(day: string, comparedAt: number): number {
  const pause = comparedAt - comparableFrom(day);
  return comparedAt + Math.min(Math.max(pause, MIN_RECHECK_MS), MAX_RECHECK_MS);
}

async function tryReconcileDay(parts: ReconciliationParts, gateway: PaymentGateway, day: string) {
  try {
    return (await reconcileDay(parts, gateway, day)) === 'done';
  } catch (error) {
    if (!(error instanceof PlatformUnavailable)) throw error;
    parts.log.warn({ err: error, day, channel: gateway.name }, 'a day could not be compared');
    return false;
  }
}

/** A day that could not be compared for a whole day is a person's to look into. */
async function raiseAlertIfLate(
  { store, clock, log }: ReconciliationParts,
  channel: string,
  day: string,
): Promise<void> {
  const now = clock();
  if (now < comparableFrom(day) + DAY_MS) return;
  log.error({ day, channel }, 'a day could not be compared for a whole day');
  const subject = reconciliationSubject({ day, channel });
  await raiseAlert(store, { kind: 'booksDiffer', subject, detail: 'notCompared', now });
}

/** There is always one job that is the newest, and it makes the next: no day is left out. */
async function ensureNextDay(store: Store, day: string, now: number): Promise<void> {
  if (await hasJobAfter(store, day)) return;
  const next = addDays(day, 1);
  await scheduleJob(store, { kind: RECONCILIATION_JOB, subjectId: next, runAt: now });
}

async function hasJobAfter(store: Store, day: string): Promise<boolean> {
  const job = await store
    .selectFrom('jobs')
    .select('id')
    .where('kind', '=', RECONCILIATION_JOB)
    .where('subject_id', '>', day)
    .limit(1)
    .executeTakeFirst();
  return job !== undefined;
}

/**
 * Makes the job that compares the days since the last one compared, at most a month back, unless there
 * is one already. To be called when a process starts.
 */
export async function scheduleReconciliation({
  store,
  clock,
}: Pick<ReconciliationParts, 'store' | 'clock'>): Promise<void> {
  if (await hasJobAfter(store, '')) return;
  const now = clock();
  const last = await findLastComparedDay(store);
  const first = await firstPaymentAt(store);
  const since = last === undefined ? beijingDate(first ?? now) : addDays(last, 1);
  const oldest = oldestDay(now);
  const day = since < oldest ? oldest : since;
  await scheduleJob(store, { kind: RECONCILIATION_JOB, subjectId: day, runAt: now });
}
