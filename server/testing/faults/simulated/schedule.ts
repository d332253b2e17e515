import { beijingDate, parseBeijing } from '@shared/beijing-time';
import type { Logger } from 'pino';
import { findIntegrityFaults, readRecords } from '../records';
import type { OrderRecords, Finding } from '../checker';
import { check, checkFinished } from '../checker';
import { installTimers } from './fake-timers';
import type { SharedStore } from './shared-store';
import type { Counters } from './counters';
import { increment } from './counters';
import type { Simulation } from './simulation';
import { createSimulation } from './simulation';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** When everything is settled, or handed to a person, after the last fault. */
const SETTLED_MS = 35 * MINUTE;
/** When people have seen to what they were called for. */
const RESOLVED_MS = 40 * MINUTE;
const FINAL_CHECK_MS = 3 * HOUR;
/** The bill of a day is made at ten the next morning, and compared within half an hour and another try. */
const COMPARED_MS = 35.5 * HOUR;

export interface ScheduleResult {
  seed: number;
  findings: Finding[];
  counters: Counters;
  /** How long the slowest first look into an unknown took, in ms. */
  slowestRepairMs: number;
}

export interface ScheduleParts {
  seed: number;
  shared: SharedStore;
  log: Logger;
  /** Takes the story of the schedule, line by line. */
  tell?: (line: string) => void;
}

/** Runs the schedule of a seed from its first fault to the last look of the checker. */
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
  await simulation.begin();
  await timeline.run(faultsEndAt);
  simulation.endFaults();
  const lateFindings = await runUntilIdle(simulation, shared);
  const records = await readRecords(shared.observerStore);
  const ended = checkFinished(records, 'still open at the last look');
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
 * Lets time pass without faults until nothing more will happen. Money the book does not have is found
 * when the day is compared with the bill, on the next.
 * @returns what was not settled in time
 */
async function runUntilIdle(simulation: Simulation, shared: SharedStore): Promise<Finding[]> {
  const { plan, timeline, platforms } = simulation;
  const faultsEndAt = plan.start + plan.faultsEndMs;
  const hasAll = async () => (await shared.countCaptures()) === platforms.ledgers().taken.length;
  const isOver = async () => simulation.isQuiet() && (await shared.isIdle());
  await timeline.run(faultsEndAt + SETTLED_MS, isOver);
  // What was paid after that has as long from there: it is judged at the last look.
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

/** Orders that are neither settled nor a person's, of those last paid (epoch ms; 0 for never) when it is asked about. */
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

/** The same thing found twice is one finding. */
function dedupe(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}
