import type { Plan } from './plan';
import type { Prng } from './prng';
import type { StoreFault } from './store-faults';
import type { Link } from './network-faults';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

interface Period {
  /** Epoch ms. */
  from: number;
  until: number;
}

/** From an instant (epoch ms) on, a clock is off by so much (ms), until its next step. */
export interface ClockStep {
  at: number;
  offMs: number;
}

/** What befalls the shop's own house and papers, rather than the messages between it and others. */
export interface InjectedFaults {
  /** The steps of the clock of each of the processes that are up at the same time. */
  clockSteps: readonly (readonly ClockStep[])[];
  /** Whether any of them jumps at all. */
  hasClockJumps: boolean;
  /** How far that clock is off now, in ms. */
  clockError(slot: number): number;
  /** Whether a platform takes the shop's access token for void, and gives no other. */
  isRevoked(link: Link): boolean;
  /** What becomes of a statement that is sent to the store now; undefined where nothing goes wrong. */
  storeFault(): StoreFault | undefined;
  /** Whether nothing is revoked on a link from one instant to another (epoch ms). */
  isClear(link: Link, from: number, until: number): boolean;
  /** Whether the store does all it is asked to from one instant to another (epoch ms). */
  isStoreUp(from: number, until: number): boolean;
}

interface InjectedFaultParts {
  plan: Plan;
  /** Epoch ms. */
  now: () => number;
}

function drawPeriods(chance: Prng, { start, faultsEndMs }: Plan, longestMs: number): Period[] {
  return Array.from({ length: chance.between(1, 2) }, () => {
    const from = start + chance.between(0, faultsEndMs);
    return { from, until: Math.min(start + faultsEndMs, from + chance.between(SECOND, longestMs)) };
  });
}

function drawRevocations(chance: Prng, plan: Plan): ReadonlyMap<Link, readonly Period[]> {
  if (!chance.chance(0.2)) return new Map();
  const link = chance.pick<Link>(['channel', 'provider']);
  return new Map([[link, drawPeriods(chance, plan, chance.pick([10 * SECOND, 3 * MINUTE]))]]);
}

/** At the latest when all faults end, the clock is right again: that is a jump as well. */
function drawSteps(chance: Prng, { start, faultsEndMs }: Plan): ClockStep[] {
  const furthest = chance.pick([30 * SECOND, 10 * MINUTE, 2 * HOUR]);
  const instants = Array.from({ length: chance.between(1, 3) }, () =>
    chance.between(0, faultsEndMs),
  );
  const steps = instants
    .sort((a, b) => a - b)
    .map((after) => ({ at: start + after, offMs: chance.between(-furthest, furthest) }));
  return [...steps, { at: start + faultsEndMs, offMs: 0 }];
}

function drawClocks(chance: Prng, plan: Plan): ClockStep[][] {
  const jumps = chance.chance(0.08);
  return plan.processes.map(() => (jumps && chance.chance(0.7) ? drawSteps(chance, plan) : []));
}

interface Outage extends Period {
  /** Which share of the statements fails, 0 to 1. */
  share: number;
}

function drawOutages(chance: Prng, plan: Plan): Outage[] {
  if (!chance.chance(0.2)) return [];
  const longest = chance.pick([20 * SECOND, MINUTE, 3 * MINUTE]);
  return drawPeriods(chance, plan, longest).map((period) => ({
    ...period,
    share: chance.pick([1, 0.3, 0.05]),
  }));
}

function isIn(instant: number): (period: Period) => boolean {
  return ({ from, until }) => from <= instant && instant < until;
}

function isApart(from: number, until: number): (period: Period) => boolean {
  return (period) => period.until <= from || period.from >= until;
}

/** Draws the troubles of a schedule, all of which are over when it becomes calm. */
export function drawInjectedFaults(
  chance: Prng,
  { plan, now }: InjectedFaultParts,
): InjectedFaults {
  const revocations = drawRevocations(chance.fork(), plan);
  const clockSteps = drawClocks(chance.fork(), plan);
  const outages = drawOutages(chance.fork(), plan);
  const callOutcome = chance.fork();

  return {
    clockSteps,
    hasClockJumps: clockSteps.some((steps) => steps.length > 0),
    clockError: (slot) => clockSteps[slot]?.findLast(({ at }) => at <= now())?.offMs ?? 0,
    isRevoked: (link) => revocations.get(link)?.some(isIn(now())) ?? false,
    storeFault: () => {
      const outage = outages.find(isIn(now()));
      if (!outage || !callOutcome.chance(outage.share)) return undefined;
      return callOutcome.chance(0.5) ? 'storeDown' : 'storeSilent';
    },
    isClear: (link, from, until) => (revocations.get(link) ?? []).every(isApart(from, until)),
    isStoreUp: (from, until) => outages.every(isApart(from, until)),
  };
}
