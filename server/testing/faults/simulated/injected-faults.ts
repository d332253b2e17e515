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

/** From an instant (epoch ms) on, a clock is off by `offMs`, until its next step. */
interface ClockStep {
  at: number;
  offMs: number;
}

/**
 * Faults of the BFF's own surroundings: clocks, store and access tokens. The network's are in
 * network-faults.ts.
 */
export interface InjectedFaults {
  /** The steps of the clock of each concurrent process. */
  clockSteps: readonly (readonly ClockStep[])[];
  /** Whether any clock has steps. */
  hasClockJumps: boolean;
  /** The error of a process's clock now, in ms. */
  clockError(slot: number): number;
  /** Whether a platform has revoked our access token and issues no other. */
  isRevoked(link: Link): boolean;
  /** Draws the fault of a statement that is sent to the store now; undefined for none. */
  storeFault(): StoreFault | undefined;
  /** Whether no token is revoked on a link between two instants (epoch ms). */
  isClear(link: Link, from: number, until: number): boolean;
  /** Whether the store has no outage between two instants (epoch ms). */
  isStoreUp(from: number, until: number): boolean;
}

interface InjectedFaultParts {
  plan: Plan;
  /** Epoch ms. */
  now: () => number;
}

function drawPeriods(prng: Prng, { start, faultsEndMs }: Plan, longestMs: number): Period[] {
  return Array.from({ length: prng.between(1, 2) }, () => {
    const from = start + prng.between(0, faultsEndMs);
    return { from, until: Math.min(start + faultsEndMs, from + prng.between(SECOND, longestMs)) };
  });
}

function drawRevocations(prng: Prng, plan: Plan): ReadonlyMap<Link, readonly Period[]> {
  if (!prng.chance(0.2)) return new Map();
  const link = prng.pick<Link>(['channel', 'provider']);
  return new Map([[link, drawPeriods(prng, plan, prng.pick([10 * SECOND, 3 * MINUTE]))]]);
}

/** When the faults end the clock is right again, which is a step as well. */
function drawSteps(prng: Prng, { start, faultsEndMs }: Plan): ClockStep[] {
  const furthest = prng.pick([30 * SECOND, 10 * MINUTE, 2 * HOUR]);
  const instants = Array.from({ length: prng.between(1, 3) }, () => prng.between(0, faultsEndMs));
  const steps = instants
    .sort((a, b) => a - b)
    .map((after) => ({ at: start + after, offMs: prng.between(-furthest, furthest) }));
  return [...steps, { at: start + faultsEndMs, offMs: 0 }];
}

function drawClocks(prng: Prng, plan: Plan): ClockStep[][] {
  const hasJumps = prng.chance(0.08);
  return plan.processes.map(() => (hasJumps && prng.chance(0.7) ? drawSteps(prng, plan) : []));
}

interface Outage extends Period {
  /** The share of statements that fail, 0 to 1. */
  share: number;
}

function drawOutages(prng: Prng, plan: Plan): Outage[] {
  if (!prng.chance(0.2)) return [];
  const longest = prng.pick([20 * SECOND, MINUTE, 3 * MINUTE]);
  return drawPeriods(prng, plan, longest).map((period) => ({
    ...period,
    share: prng.pick([1, 0.3, 0.05]),
  }));
}

function isIn(instant: number): (period: Period) => boolean {
  return ({ from, until }) => from <= instant && instant < until;
}

function isApart(from: number, until: number): (period: Period) => boolean {
  return (period) => period.until <= from || period.from >= until;
}

/** Draws when these faults happen; all of them are over when the faults end. */
export function drawInjectedFaults(prng: Prng, { plan, now }: InjectedFaultParts): InjectedFaults {
  const revocations = drawRevocations(prng.fork(), plan);
  const clockSteps = drawClocks(prng.fork(), plan);
  const outages = drawOutages(prng.fork(), plan);
  const outagePrng = prng.fork();

  return {
    clockSteps,
    hasClockJumps: clockSteps.some((steps) => steps.length > 0),
    clockError: (slot) => clockSteps[slot]?.findLast(({ at }) => at <= now())?.offMs ?? 0,
    isRevoked: (link) => revocations.get(link)?.some(isIn(now())) ?? false,
    storeFault: () => {
      const outage = outages.find(isIn(now()));
      if (!outage || !outagePrng.chance(outage.share)) return undefined;
      return outagePrng.chance(0.5) ? 'storeDown' : 'storeSilent';
    },
    isClear: (link, from, until) => (revocations.get(link) ?? []).every(isApart(from, until)),
    isStoreUp: (from, until) => outages.every(isApart(from, until)),
  };
}
