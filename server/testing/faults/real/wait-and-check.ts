import { setTimeout as sleep } from 'node:timers/promises';
import { openForTool } from '../../../store/open-store';
import type { Store } from '../../../store/store';
import { findIntegrityFaults, readRecords } from '../records';
import { check, checkFinished, type Finding, type Ledgers, type OrderRecords } from '../checker';
import type { SandboxControls } from '../../sandbox-controls';
import type { Clock } from './clock';
import type { Site } from './site';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Longer than the lease of a job, so that the leases of killed processes have expired. */
const LEASE_MS = 61 * SECOND;
/** Steps of the clock, each below the clock skew that signatures tolerate. */
const STEP_MS = 4 * MINUTE;
/** Until then, an order with an alert may still finish by itself. */
const ALERTS_COUNT_AFTER_MS = 15 * MINUTE;
/**
 * By then every order is finished or has an alert: the last order can be paid for half an hour, and a
 * payment is settled within 35 minutes.
 */
const DEADLINE_MS = 65 * MINUTE;
/** How long to wait for due jobs, in ms of real time. */
const TIMEOUT_MS = 15 * SECOND;
const POLL_MS = 60;

/**
 * A payment without a notification is found at the latest when the day is reconciled with the channel's
 * bill, which is available at 10:00 the next morning (reconciliation/days.ts). No work is in flight by
 * then, so the clock takes long steps.
 */
const COMPARED_MS = 36 * 60 * MINUTE;
const LONG_STEP_MS = 29 * MINUTE;

export interface Verdict {
  records: OrderRecords;
  findings: Finding[];
}

/**
 * Moves the clock until every order is finished, then compares the platforms' ledgers, our records and
 * what customers were shown. Call it after the faults have ended and the customers have stopped.
 */
export async function waitAndCheck({
  databaseUrl,
  clock,
  sandbox,
  observer,
}: Site): Promise<Verdict> {
  const opened = openForTool(databaseUrl);
  try {
    await waitUntilIdle(opened.store, clock);
    await waitForReconciliation(opened.store, clock, sandbox);
    const records = await readRecords(opened.store);
    const findings = [
      ...checkFinished(records, 'neither finished nor with an alert in time'),
      ...check(await readLedgers(sandbox), records, observer.acknowledged()),
      ...(await findIntegrityFaults(opened.store)),
      ...observer.findings(),
    ];
    return { records, findings };
  } finally {
    await opened.close();
  }
}

async function waitUntilIdle(store: Store, clock: Clock): Promise<void> {
  await clock.move(LEASE_MS);
  const began = clock.now();
  for (;;) {
    await waitForDueJobs(store, clock);
    const passed = clock.now() - began;
    if (passed > DEADLINE_MS || (await isIdle(store, passed))) return;
    await clock.move(STEP_MS);
  }
}

async function waitForReconciliation(
  store: Store,
  clock: Clock,
  sandbox: SandboxControls,
): Promise<void> {
  const { payments } = await readLedgers(sandbox);
  const began = clock.now();
  const isMissing = async () => {
    const { orders } = await readRecords(store);
    return sum(payments) !== sum(orders.map(({ capturedFen: amountFen }) => ({ amountFen })));
  };
  if (!(await isMissing())) return;
  while ((await isMissing()) && clock.now() - began < COMPARED_MS) {
    await clock.move(LONG_STEP_MS);
    await waitForDueJobs(store, clock, ['reconciliation']);
    await waitForDueJobs(store, clock);
  }
  await waitUntilIdle(store, clock);
}

function sum(amounts: readonly { amountFen: number }[]): number {
  return amounts.reduce((total, { amountFen }) => total + amountFen, 0);
}

async function isIdle(store: Store, passedMs: number): Promise<boolean> {
  const records = await readRecords(store);
  const unattended = records.orders.map((order) => ({ ...order, hasAlert: false }));
  const orders = passedMs < ALERTS_COUNT_AFTER_MS ? unattended : records.orders;
  return checkFinished({ ...records, orders }, '').length === 0;
}

/** Waits until the BFFs have run every job that is due now, of all kinds or of the given ones. */
async function waitForDueJobs(
  store: Store,
  clock: Clock,
  kinds?: readonly string[],
): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  while ((await countDue(store, clock.now(), kinds)) > 0 && Date.now() < deadline) {
    await sleep(POLL_MS);
  }
}

async function countDue(store: Store, now: number, kinds?: readonly string[]): Promise<number> {
  const due = await store
    .selectFrom('jobs')
    .select('id')
    .$if(kinds === undefined, (query) => query.where('kind', '!=', 'reconciliation'))
    .$if(kinds !== undefined, (query) => query.where('kind', 'in', kinds ?? []))
    .where((eb) => eb.or([eb('run_at', '<=', now), eb('lease_token', 'is not', null)]))
    .execute();
  return due.length;
}

/** The sandbox's ledger in the form of the checker. */
async function readLedgers(sandbox: SandboxControls): Promise<Ledgers> {
  const { payments, deliveries } = await sandbox.ledger();
  return {
    payments: payments.map(({ orderNumber, amountFen }) => ({ orderNumber, amountFen })),
    refunds: payments
      .filter(({ refundedFen }) => refundedFen > 0)
      .map(({ orderNumber, refundedFen }) => ({ orderNumber, amountFen: refundedFen })),
    deliveries: deliveries.map(({ orderNumber = '' }) => ({ orderNumber })),
  };
}
