import { beijingDate, parseBeijing } from '@shared/beijing-time';
import type { Logger } from 'pino';
import { findIntegrityFaults, readRecords } from '../book';
import type { OrderRecords, Finding } from '../checker';
import { check, checkEnded } from '../checker';
import { installTimers } from './fake-timers';
import type { SharedStore } from './shared-store';
import type { Tally } from './tally';
import { addTo } from './tally';
import type { World } from './world';
import { createWorld } from './world';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** When everything is settled, or handed to a person, after the last fault. */
const SETTLED_MS = 35 * MINUTE;
/** When people have seen to what they were called for. */
const MENDED_MS = 40 * MINUTE;
const LAST_LOOK_MS = 3 * HOUR;
/** The bill of a day is made at ten the next morning, and compared within half an hour and another try. */
const COMPARED_MS = 35.5 * HOUR;

export interface ScheduleResult {
  seed: number;
  findings: Finding[];
  tally: Tally;
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
  const world = createWorld(parts);
  const removeTimers = installTimers(world.timeline);
  try {
    const findings = await live(world, shared);
    return {
      ...{ seed, tally: world.chronicle.tally },
      slowestRepairMs: world.chronicle.slowestRepairMs(),
      findings: dedupe(findings),
    };
  } finally {
    removeTimers();
  }
}

async function live(world: World, shared: SharedStore): Promise<Finding[]> {
  const { plan, timeline, platforms, chronicle } = world;
  const calmAt = plan.start + plan.calmMs;
  await world.begin();
  await timeline.run(calmAt);
  world.calm();
  const early = await runOn(world, shared);
  const records = await readRecords(shared.onlooker);
  const ended = checkEnded(records, 'still open at the last look');
  const compared = check(platforms.ledgers(), records, chronicle.acknowledged());
  const faults = await findIntegrityFaults(shared.onlooker);
  count(world, records);
  const all = [...early, ...ended, ...compared, ...faults];
  for (const { kind, orderNumber, detail } of all) {
    world.trace(() => `!! ${kind}: ${orderNumber} ${detail}`);
  }
  return [...chronicle.findings, ...all];
}

/**
 * Lets time pass without faults until nothing more will happen. Money the book does not have is found
 * when the day is compared with the bill, on the next.
 * @returns what was not settled in time
 */
async function runOn(world: World, shared: SharedStore): Promise<Finding[]> {
  const { plan, timeline, platforms } = world;
  const calmAt = plan.start + plan.calmMs;
  const hasAll = async () => (await shared.countCaptures()) === platforms.ledgers().taken.length;
  const isOver = async () => world.isQuiet() && (await shared.isIdle());
  await timeline.run(calmAt + SETTLED_MS, isOver);
  // What was paid after that has as long from there: it is judged at the last look.
  const early = world.hasJumps ? [] : await findSlow(shared, (paidAt) => paidAt <= calmAt);
  if (!(await isOver())) {
    await timeline.run(calmAt + MENDED_MS, isOver);
    world.mend(calmAt + LAST_LOOK_MS);
    await timeline.run(calmAt + LAST_LOOK_MS, isOver);
  }
  const compared = startOfBeijingDay(calmAt) + COMPARED_MS;
  if (await hasAll()) return early;
  await timeline.run(compared, async () => (await hasAll()) && (await isOver()));
  return early;
}

/** Orders that are neither settled nor a person's, of those last paid (epoch ms; 0 for never) when it is asked about. */
async function findSlow(
  { onlooker }: SharedStore,
  isMeant: (paidAt: number) => boolean,
): Promise<Finding[]> {
  const open = checkEnded(await readRecords(onlooker), 'not settled within 35 minutes');
  if (open.length === 0) return [];
  const paid = await onlooker
    .selectFrom('captures')
    .innerJoin('orders', 'orders.id', 'captures.order_id')
    .select((eb) => ['orders.number', eb.fn.max('captures.paid_at').as('paid_at')])
    .groupBy('orders.number')
    .execute();
  const paidAt = new Map(paid.map((row) => [row.number, row.paid_at]));
  return open.filter(({ orderNumber }) => isMeant(paidAt.get(orderNumber) ?? 0));
}

function startOfBeijingDay(instant: number): number {
  return parseBeijing(beijingDate(instant)) ?? instant;
}

function count({ chronicle: { tally } }: World, { orders }: OrderRecords): void {
  addTo(tally, 'orders', orders.length);
  for (const { state, hasAlert } of orders) {
    if (state === 'delivered' || state === 'refunded' || state === 'closed') addTo(tally, state);
    if (hasAlert) addTo(tally, 'handedOver');
  }
}

/** The same thing found twice is one finding. */
function dedupe(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}
