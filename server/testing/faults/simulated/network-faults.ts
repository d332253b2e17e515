import type { Prng } from './prng';

/**
 * The connections: the BFF's to channel and card provider, the clients' and the notifications' to the BFF.
 */
const links = ['channel', 'provider', 'client', 'notification'] as const;
export type Link = (typeof links)[number];

/** What can happen to one request and its response. */
export type NetworkFault =
  'slow' | 'refused' | 'lostRequest' | 'lostAnswer' | 'serverError' | 'garbage' | 'straggler';

type Weights = Readonly<Record<NetworkFault | 'none', number>>;

const healthy: Weights = {
  none: 1,
  slow: 0,
  refused: 0,
  lostRequest: 0,
  lostAnswer: 0,
  serverError: 0,
  garbage: 0,
  straggler: 0,
};

/** The conditions a link can be in: the relative frequency of each fault. */
const conditions = {
  slow: { ...healthy, slow: 4 },
  down: { ...healthy, none: 0, refused: 1 },
  silent: { ...healthy, none: 0, lostRequest: 1 },
  mute: { ...healthy, none: 0.3, lostAnswer: 1 },
  broken: { ...healthy, none: 0.5, serverError: 1, garbage: 1 },
  straggling: { ...healthy, none: 3, straggler: 1 },
  flaky: {
    none: 6,
    slow: 1,
    refused: 1,
    lostRequest: 1,
    lostAnswer: 2,
    serverError: 1,
    garbage: 1,
    straggler: 2,
  },
} as const satisfies Record<string, Weights>;
export type NetworkCondition = keyof typeof conditions;
const conditionNames = Object.keys(conditions) as [NetworkCondition, ...NetworkCondition[]];

interface Period {
  from: number;
  until: number;
  weights: Weights;
}

export interface NetworkFaults {
  /** Draws the fault of a request that is sent now; undefined for none. */
  injectedFault(link: Link): NetworkFault | undefined;
  /** Whether a link is clear from one instant to another (epoch ms). */
  isClear(link: Link, from: number, until: number): boolean;
}

const SECOND = 1000;

function drawPeriods(prng: Prng, from: number, until: number): Period[] {
  if (prng.chance(0.35)) return [];
  const count = prng.between(1, 3);
  return Array.from({ length: count }, () => {
    const start = prng.between(from, until);
    const longest = prng.pick([10, 60, 600]) * SECOND;
    const end = Math.min(until, start + prng.between(SECOND, longest));
    return { from: start, until: end, weights: conditions[prng.pick(conditionNames)] };
  });
}

interface NetworkFaultParts {
  now: () => number;
  /** Epoch ms. */
  from: number;
  until: number;
  constantCondition: NetworkCondition | undefined;
}

const platforms: readonly Link[] = ['channel', 'provider'];

/**
 * Draws the periods in which each link is faulty.
 * @param constantCondition the condition of the platforms' links throughout; undefined where it varies
 */
export function drawNetworkFaults(
  prng: Prng,
  { now, from, until, constantCondition }: NetworkFaultParts,
): NetworkFaults {
  const draw = (link: Link): Period[] =>
    constantCondition && platforms.includes(link)
      ? [{ from, until, weights: conditions[constantCondition] }]
      : drawPeriods(prng, from, until);
  const periods = new Map(links.map((link) => [link, draw(link)]));
  const of = (link: Link) => periods.get(link) ?? [];
  return {
    injectedFault: (link) => {
      const instant = now();
      const period = of(link).find((each) => each.from <= instant && instant < each.until);
      if (!period) return undefined;
      const drawn = prng.weighted(period.weights);
      return drawn === 'none' ? undefined : drawn;
    },
    isClear: (link, start, end) =>
      of(link).every((period) => period.until <= start || period.from >= end),
  };
}
