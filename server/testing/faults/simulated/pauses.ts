import type { Plan } from './plan';
import type { Prng } from './prng';
import type { Pauses } from './process';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How much longer the faults of a schedule with pauses last, in ms: the longest pause ends within them. */
const EXTENSION_MS = 45 * MINUTE;
const MAX_PAUSES = 4;

/** How the card platform tells the time in its answers. */
export type PlatformClock = (now: number) => number | null;

/** The parts of a schedule that concern the measurement of time. */
export interface Timing {
  plan: Plan;
  pauses: Pauses;
  platformClock: PlatformClock;
  isPlatformClockWrong: boolean;
}

/** Two processes, so that one goes on while the other is suspended. */
function extend(plan: Plan): Plan {
  const [first = []] = plan.processes;
  const second = first.map((run) => ({ ...run, killAfterSteps: undefined, freeze: undefined }));
  return {
    ...plan,
    faultsEndMs: plan.faultsEndMs + EXTENSION_MS,
    processes: plan.processes.length > 1 ? plan.processes : [first, second.slice(0, 1)],
  };
}

function createPauses(prng: Prng, endsAt: number, now: () => number): Pauses {
  const share = prng.pick([0, 0.002, 0.01]);
  const shareBeforeWrite = prng.pick([0.05, 0.2, 0.6]);
  let left = prng.between(1, MAX_PAUSES);

  return {
    draw: (isBeforeWrite) => {
      if (left === 0 || now() >= endsAt) return 0;
      if (!prng.chance(isBeforeWrite ? shareBeforeWrite : share)) return 0;
      left -= 1;
      const longest = prng.pick([8 * SECOND, MINUTE, 12 * MINUTE, 40 * MINUTE, 40 * MINUTE]);
      return Math.min(prng.between(SECOND, longest), endsAt - now());
    },
  };
}

const noPauses: Pauses = { draw: () => 0 };

function drawPlatformClock(prng: Prng): PlatformClock | undefined {
  const offMs = prng.between(-3 * 60 * MINUTE, 3 * 60 * MINUTE);
  const seed = prng.next();
  /** A load balancer in front of two servers whose clocks differ. */
  const isSecond = (now: number) =>
    (Math.floor(now / SECOND) * 7 + Math.floor(seed * 100)) % 3 === 0;
  const kind = prng.weighted({ right: 75, off: 9, two: 8, none: 8 });
  if (kind === 'right') return undefined;
  if (kind === 'none') return () => null;
  return (now) => now + (kind === 'off' || isSecond(now) ? offMs : 0);
}

/** Draws the pauses and the platform's clock; a schedule with pauses lasts longer than planned. */
export function drawTiming(prng: Prng, plan: Plan, now: () => number): Timing {
  const pausesPrng = prng.fork();
  const platformClock = drawPlatformClock(prng.fork());
  const hasPauses = pausesPrng.chance(0.12);
  const extended = hasPauses ? extend(plan) : plan;
  const endsAt = extended.start + extended.faultsEndMs;
  return {
    plan: extended,
    pauses: hasPauses ? createPauses(pausesPrng, endsAt, now) : noPauses,
    platformClock: platformClock ?? ((instant) => instant),
    isPlatformClockWrong: platformClock !== undefined,
  };
}
