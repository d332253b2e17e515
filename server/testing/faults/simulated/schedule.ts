import { beijingDate, parseBeijing } from '@shared/beijing-time';
import type { Logger } from 'pino';
import { findIntegrityFaults, readRecords } from '../records';
import { check, checkFinished, type Finding, type OrderRecords } from '../checker';
import { installTimers } from './fake-timers';
import type { SharedStore } from './shared-store';
import { type Counters, increment } from './counters';
import { createSimulation, type Simulation } from './simulation';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** After the last fault, every order is finished or has an alert within this time. */
const SETTLED_MS = 35 * MINUTE;
/** When the staff begin to resolve what has an alert. */
const RESOLVED_MS = 40 * MINUTE;
const FINAL_CHECK_MS = 3 * HOUR;
/** A day's bill is made at 10:00 the next morning and reconciled within half an hour, plus one retry. */
const COMPARED_MS = 35.5 * HOUR;

export interface ScheduleResult {
  seed: number;
  findings: Finding[];
  counters: Counters;
  /** The longest time from an unknown outcome to its first query, in ms. */
  slowestRepairMs: number;
}

export interface ScheduleParts {
  seed: number;
  shared: SharedStore;
  log: Logger;
  /** Receives the trace of the schedule line by line. */
  onTraceLine?: (line: string) => void;
}

/**
 * Runs the schedule of one seed.
 *
 * 1. `createSimulation` draws the schedule from the seed: the processes, the customers, the platforms and
 *    when each fault happens. Nothing runs yet.
 * 2. Time is simulated: `Timeline` is a queue of events, and running it means to take the next event, to
 *    wait until its microtasks have settled, and to go on. The BFF is the real code (services, worker,
 *    queries) on a real SQLite or PostgreSQL; only its clock, its platforms and its HTTP side are simulated.
 * 3. Faults happen until `faultsEndMs`: messages are lost or late, statements fail, processes are killed or
 *    frozen, clocks jump, tokens are revoked. Every statement and every call is a step at which a process
 *    can be killed.
 * 4. The faults end. Within 35 minutes every order must be finished or have an alert. After 40 minutes the
 *    staff resolve what has an alert. Payments of which no notification arrived are found when the day is
 *    reconciled with the bill.
 * 5. The checker compares the platforms' ledgers, our records and what was acknowledged. Deadlines and
 *    leases, which the end does not show, are checked by `createMonitor` while the schedule runs.
 *
 * The same seed gives the same schedule on every machine, so that a finding can be replayed.
 */
export async function runSchedule(parts: ScheduleParts): Promise<ScheduleResult> {
  const { seed, shared } = parts;
  await shared.empty();
  const simulation = createSimulation(parts);
  const removeTimers = installTimers(simulation.timeline);
  try {
    const findings = await runSimulation(simulation, shared);
    return {
      seed,
      counters: simulation.journal.counters,
      slowestRepairMs: simulation.journal.slowestRepairMs(),
      findings: dedupe(findings),
    };
  } finally {
    removeTimers();
  }
}

async function runSimulation(simulation: Simulation, shared: SharedStore): Promise<Finding[]> {
  const { plan, timeline, platforms, journal } = simulation;
  const faultsEndAt = plan.start + plan.faultsEndMs;
  await simulation.start();
  await timeline.run(faultsEndAt);
  simulation.endFaults();
  const lateFindings = await runUntilIdle(simulation, shared);
  const records = await readRecords(shared.observerStore);
  const ended = checkFinished(records, 'still open at the final check');
  const compared = check(platforms.ledgers(), records, journal.acknowledged());
  const faults = await findIntegrityFaults(shared.observerStore);
  count(simulation, records);
  const all = [...lateFindings, ...ended, ...compared, ...faults];
  for (const { kind, orderNumber, detail } of all) {
    simulation.trace(() => `!! ${kind}: ${orderNumber} ${detail}`);
  }
  return [...journal.findings, ...all];
}

/**
 * Runs without faults until nothing is left to do. A payment that is not recorded is found when the day is
 * reconciled with the bill on the next day.
 * @returns the orders that were not finished in time
 */
async function runUntilIdle(simulation: Simulation, shared: SharedStore): Promise<Finding[]> {
  const { plan, timeline, platforms } = simulation;
  const faultsEndAt = plan.start + plan.faultsEndMs;
  const hasAll = async () => (await shared.countCaptures()) === platforms.ledgers().payments.length;
  const isOver = async () => simulation.isQuiet() && (await shared.isIdle());
  await timeline.run(faultsEndAt + SETTLED_MS, isOver);
  // A payment after the end of the faults has its own 35 minutes: the final check covers it.
  const lateFindings = simulation.hasClockJumps
    ? []
    : await findSlow(shared, (paidAt) => paidAt <= faultsEndAt);
  if (!(await isOver())) {
    await timeline.run(faultsEndAt + RESOLVED_MS, isOver);
    simulation.resolveStuck(faultsEndAt + FINAL_CHECK_MS);
    await timeline.run(faultsEndAt + FINAL_CHECK_MS, isOver);
  }
  const compared = startOfBeijingDay(faultsEndAt) + COMPARED_MS;
  if (await hasAll()) return lateFindings;
  await timeline.run(compared, async () => (await hasAll()) && (await isOver()));
  return lateFindings;
}

/** @param matches selects orders by the instant of their last payment (epoch ms; 0 for never) */
async function findSlow(
  { observerStore }: SharedStore,
  matches: (paidAt: number) => boolean,
): Promise<Finding[]> {
  const open = checkFinished(await readRecords(observerStore), 'not settled within 35 minutes');
  if (open.length === 0) return [];
  const paid = await observerStore
    .selectFrom('captures')
    .innerJoin('orders', 'orders.id', 'captures.order_id')
    .select((eb) => ['orders.number', eb.fn.max('captures.paid_at').as('paid_at')])
    .groupBy('orders.number')
    .execute();
  const paidAt = new Map(paid.map((row) => [row.number, row.paid_at]));
  return open.filter(({ orderNumber }) => matches(paidAt.get(orderNumber) ?? 0));
}

function startOfBeijingDay(instant: number): number {
  return parseBeijing(beijingDate(instant)) ?? instant;
}

function count({ journal: { counters } }: Simulation, { orders }: OrderRecords): void {
  increment(counters, 'orders', orders.length);
  for (const { state, hasAlert } of orders) {
    if (state === 'delivered' || state === 'refunded' || state === 'closed')
      increment(counters, state);
    if (hasAlert) increment(counters, 'handedOver');
  }
}

/** Drops findings that were found twice. */
function dedupe(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}
