import type { Prng } from './prng';

/** The ways between the parties, each with a weather of its own. */
const links = ['channel', 'provider', 'people', 'knocks'] as const;
export type Link = (typeof links)[number];

/** What can happen to one message and its answer. */
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

/** The kinds of bad weather: how often each mishap is met. */
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
  /** What befalls a message sent now; undefined for nothing. */
  injectedFault(link: Link): NetworkFault | undefined;
  /** Whether a link is clear from one instant to another (epoch ms). */
  isClear(link: Link, from: number, until: number): boolean;
}

const SECOND = 1000;

function drawPeriods(chance: Prng, from: number, until: number): Period[] {
  if (chance.chance(0.35)) return [];
  const count = chance.between(1, 3);
  return Array.from({ length: count }, () => {
    const start = chance.between(from, until);
    const longest = chance.pick([10, 60, 600]) * SECOND;
    const end = Math.min(until, start + chance.between(SECOND, longest));
    return { from: start, until: end, weights: conditions[chance.pick(conditionNames)] };
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
 * Draws the weather of every link for a time that ends in calm.
 * @param climate how the platforms are from beginning to end; undefined where that changes
 */
export function drawNetworkFaults(
  chance: Prng,
  { now, from, until, constantCondition }: NetworkFaultParts,
): NetworkFaults {
  const draw = (link: Link): Period[] =>
    constantCondition && platforms.includes(link)
      ? [{ from, until, weights: conditions[constantCondition] }]
      : drawPeriods(chance, from, until);
  const spells = new Map(links.map((link) => [link, draw(link)]));
  const of = (link: Link) => spells.get(link) ?? [];
  return {
    injectedFault: (link) => {
      const instant = now();
      const period = of(link).find((each) => each.from <= instant && instant < each.until);
      if (!period) return undefined;
      const drawn = chance.weighted(period.weights);
      return drawn === 'none' ? undefined : drawn;
    },
    isClear: (link, start, end) =>
      of(link).every((period) => period.until <= start || period.from >= end),
  };
}
