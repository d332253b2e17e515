import type { DeliveryBehaviour } from './card-provider';
import type { ChannelTraits } from './channel';
import type { NotifierPlan } from './notifier';
import type { Prng } from './prng';
import type { NetworkCondition } from './network-faults';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type ChannelName = 'shingsou' | 'wechatpay';

/**
 * What the card platform does with our order numbers: orders once under each, lists its orders by them, or
 * takes none. Then it gives numbers of its own, and an order whose answer was lost only shows on the card.
 */
export type Numbering = 'once' | 'listed' | 'none';

/** One run of the BFF's program, from a start to its end. */
export interface RunPlan {
  /** After how many steps it is killed; undefined for never. */
  killAfterSteps: number | undefined;
  /** How long it is down before the next run begins, in ms. */
  downMs: number;
  /** How far its clock is off, in ms. */
  skewMs: number;
  /** The channel new orders are paid through. */
  channel: ChannelName;
  /** When, in ms after its start, it is held up, and for how long. */
  freeze: { afterMs: number; forMs: number } | undefined;
}

/** What one schedule is like: drawn before it begins. */
export interface Plan {
  /** Epoch ms. */
  start: number;
  /** When all faults end, in ms from the start. */
  faultsEndMs: number;
  /** For each BFF process that is up at the same time: its runs, one after the other. */
  processes: RunPlan[][];
  /** In which share of the steps of a process others get a turn first. */
  yieldShare: number;
  numbering: Numbering;
  /** Which share of package orders the card platform turns away unread, 0 to 1. */
  busy: number;
  traits: Record<ChannelName, ChannelTraits>;
  notifier: NotifierPlan;
  /** How deliveries go before the calm. */
  deliveryBehaviours: [DeliveryBehaviour, ...DeliveryBehaviour[]];
  /** Spells in which the merchant's balance is short or refunds cannot arrive, in ms from the start. */
  balanceShort: { from: number; until: number } | undefined;
  refundAbnormal: boolean;
  /** Channels may take money twice, after closing, of others, or of another amount. */
  hasPaymentAnomalies: boolean;
  customers: number;
  cards: number;
  forgeries: number;
  /** Somebody of the staff gives money back. */
  supervised: boolean;
  /** How channel and provider are all the time; undefined where that changes. */
  constantCondition: NetworkCondition | undefined;
}

/** 2026-01-01 in Beijing. */
const FIRST_START = Date.UTC(2025, 11, 31, 16);

/** Days have different ends: near midnight and at the end of a month things change. */
function drawStart(chance: Prng): number {
  const start = FIRST_START + chance.between(0, 364) * DAY;
  return start + (chance.chance(0.2) ? DAY - chance.between(0, HOUR) : chance.between(0, DAY));
}

function drawRun(chance: Prng, channel: ChannelName, isLast: boolean, skewed: boolean): RunPlan {
  const freezes = chance.chance(0.12);
  return {
    killAfterSteps: isLast ? undefined : chance.between(1, chance.pick([30, 150, 600])),
    downMs: chance.between(100, chance.pick([2 * SECOND, 20 * SECOND, 3 * MINUTE])),
    skewMs: skewed ? chance.between(-90 * SECOND, 90 * SECOND) : 0,
    channel,
    freeze: freezes
      ? { afterMs: chance.between(0, 3 * MINUTE), forMs: chance.between(SECOND, 100 * SECOND) }
      : undefined,
  };
}

function drawRuns(chance: Prng, first: ChannelName, skewed: boolean): RunPlan[] {
  const crashes = chance.chance(0.3) ? 0 : chance.between(1, 4);
  const switches = chance.chance(0.1);
  return Array.from({ length: crashes + 1 }, (_, index) => {
    const channel = switches && index > 0 ? other(first) : first;
    return drawRun(chance, channel, index === crashes, skewed);
  });
}

function other(channel: ChannelName): ChannelName {
  return channel === 'shingsou' ? 'wechatpay' : 'shingsou';
}

function drawBehaviour(chance: Prng): DeliveryBehaviour {
  return {
    takesMs: chance.between(200, chance.pick([2, 5, 20, 300]) * SECOND),
    lagMs: chance.chance(0.7) ? 0 : chance.between(0, chance.pick([3 * SECOND, MINUTE])),
    fails: chance.chance(0.15),
    stuck: chance.chance(0.06),
    rejects: chance.chance(0.05),
  };
}

export const normalBehaviour: DeliveryBehaviour = {
  takesMs: 2 * SECOND,
  lagMs: 0,
  fails: false,
  stuck: false,
  rejects: false,
};

function drawTraits(chance: Prng, name: ChannelName): ChannelTraits {
  const patient = name === 'shingsou' && chance.chance(0.2);
  return {
    name,
    closableAfterMs: patient ? 5 * MINUTE : 0,
    refundMs: chance.between(SECOND, chance.pick([5 * SECOND, MINUTE])),
  };
}

function drawShare(chance: Prng, likely: number): number {
  return chance.chance(likely) ? chance.next() : 0;
}

/** Most plans are a bit of everything; some are all about one thing. */
export function drawPlan(chance: Prng): Plan {
  const plan = drawMixture(chance);
  const focus = chance.weighted({ none: 88, contention: 6, stragglers: 6 });
  if (focus === 'contention') return withContention(plan, chance);
  return focus === 'stragglers' ? { ...plan, constantCondition: 'straggling' } : plan;
}

/**
 * Two processes that get into each other's way: one is held up in the middle of something for longer
 * than it may keep it to itself.
 */
function withContention(plan: Plan, chance: Prng): Plan {
  const run = (freeze: RunPlan['freeze']): RunPlan => ({
    killAfterSteps: undefined,
    downMs: 0,
    skewMs: 0,
    freeze,
    channel: plan.processes[0]?.[0]?.channel ?? 'wechatpay',
  });
  const afterMs = chance.between(5 * SECOND, 90 * SECOND);
  const forMs = chance.between(55 * SECOND, 110 * SECOND);
  return {
    ...plan,
    constantCondition: 'slow',
    faultsEndMs: 5 * MINUTE,
    processes: [[run({ afterMs, forMs })], [run(undefined)]],
  };
}

/**
 * Some card platforms know nothing of our numbers. Such a one is not paid itself, so nobody orders but us;
 * and it matters that several people buy the same for the same card.
 */
export function drawNumbering(chance: Prng, plan: Plan): Plan {
  const paidThere = plan.processes.flat().some(({ channel }) => channel === 'shingsou');
  if (paidThere || !chance.chance(0.35)) return plan;
  const crowd = chance.chance(0.6) ? { customers: chance.between(2, 4), cards: 1 } : {};
  return { ...plan, ...crowd, numbering: 'none', busy: chance.pick([0, 0.1, 0.5]) };
}

function drawMixture(chance: Prng): Plan {
  const first: ChannelName = chance.chance(0.5) ? 'shingsou' : 'wechatpay';
  const skewed = chance.chance(0.1);
  const faultsEndMs = chance.between(1, chance.pick([3, 5, 10])) * MINUTE;
  return {
    start: drawStart(chance),
    faultsEndMs,
    processes: Array.from({ length: chance.chance(0.3) ? 2 : 1 }, () =>
      drawRuns(chance, first, skewed),
    ),
    yieldShare: chance.chance(0.4) ? chance.next() * 0.5 : 0,
    numbering: chance.chance(0.5) ? 'once' : 'listed',
    busy: 0,
    traits: {
      shingsou: drawTraits(chance, 'shingsou'),
      wechatpay: drawTraits(chance, 'wechatpay'),
    },
    notifier: {
      lost: chance.chance(0.3) ? 1 : drawShare(chance, 0.4),
      doubled: drawShare(chance, 0.4),
      late: drawShare(chance, 0.3),
      forged: drawShare(chance, 0.3),
    },
    deliveryBehaviours: [drawBehaviour(chance), drawBehaviour(chance), drawBehaviour(chance)],
    balanceShort: chance.chance(0.1)
      ? { from: chance.between(0, faultsEndMs), until: chance.between(0, faultsEndMs) }
      : undefined,
    refundAbnormal: chance.chance(0.05),
    hasPaymentAnomalies: chance.chance(0.3),
    customers: chance.pick([1, 1, 2]),
    cards: chance.pick([1, 1, 2]),
    forgeries: chance.chance(0.2) ? chance.between(1, 25) : 0,
    supervised: chance.chance(0.15),
    constantCondition: undefined,
  };
}
