import { beijingDate } from '@shared/beijing-time';
import { LAST_DAY_OF_MONTH } from '@shared/billing-month';
import type { SettlementDay } from '@shared/billing-month';
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
 * How the card platform treats our order numbers:
 * - `idempotent`: a repeated order under the same number orders once.
 * - `listed`: orders can be queried by our number, but a repetition orders twice.
 * - `none`: it takes no number of ours. An order whose response was lost is only visible on the card.
 */
export type Numbering = 'idempotent' | 'listed' | 'none';

/** One run of a BFF process, from its start to its end. */
export interface RunPlan {
  /** The step at which it is killed; undefined for never. */
  killAfterSteps: number | undefined;
  /** How long it is down before the next run begins, in ms. */
  downMs: number;
  /** The skew of its clock, in ms. */
  skewMs: number;
  /** The channel new orders are paid through. */
  channel: ChannelName;
  /** When it is frozen, in ms after its start, and for how long. */
  freeze: { afterMs: number; forMs: number } | undefined;
}

/** The parameters of one schedule, drawn before it starts. */
export interface Plan {
  /** Epoch ms. */
  start: number;
  /** When all faults end, in ms from the start. */
  faultsEndMs: number;
  /** The successive runs of each concurrent BFF process. */
  processes: RunPlan[][];
  /** The share of a process's steps at which it yields to other events. */
  yieldShare: number;
  numbering: Numbering;
  /** The share of package orders that the card platform rejects as too many, 0 to 1. */
  busyShare: number;
  traits: Record<ChannelName, ChannelTraits>;
  notifier: NotifierPlan;
  /** How deliveries behave until the faults end. */
  deliveryBehaviours: [DeliveryBehaviour, ...DeliveryBehaviour[]];
  /** The period in which the merchant's balance does not cover refunds, in ms from the start. */
  balanceShort: { from: number; until: number } | undefined;
  /** Whether refunds do not arrive until the faults end. */
  refundAbnormal: boolean;
  /** Channels may take a payment twice, after closing, from another payer, or of another amount. */
  hasPaymentAnomalies: boolean;
  customers: number;
  cards: number;
  /** How many forged notifications are sent. */
  forgeries: number;
  /** Whether a supervisor makes goodwill refunds. */
  hasSupervisor: boolean;
  /** The network condition of channel and provider throughout; undefined where it varies. */
  constantCondition: NetworkCondition | undefined;
}

/** 2026-01-01 in Beijing. */
const FIRST_START = Date.UTC(2025, 11, 31, 16);

/** The billing month of every package ends with the day on which the schedule starts. */
export function settlementDayOf({ start }: Plan): SettlementDay {
  const day = Number(beijingDate(start).slice(-2));
  return day > 28 ? LAST_DAY_OF_MONTH : day;
}

/** Every fifth schedule starts within an hour before midnight, where the day and the billing month change. */
function drawStart(prng: Prng): number {
  const start = FIRST_START + prng.between(0, 364) * DAY;
  return start + (prng.chance(0.2) ? DAY - prng.between(0, HOUR) : prng.between(0, DAY));
}

function drawRun(prng: Prng, channel: ChannelName, isLast: boolean, isSkewed: boolean): RunPlan {
  const isFrozen = prng.chance(0.12);
  return {
    killAfterSteps: isLast ? undefined : prng.between(1, prng.pick([30, 150, 600])),
    downMs: prng.between(100, prng.pick([2 * SECOND, 20 * SECOND, 3 * MINUTE])),
    skewMs: isSkewed ? prng.between(-90 * SECOND, 90 * SECOND) : 0,
    channel,
    freeze: isFrozen
      ? { afterMs: prng.between(0, 3 * MINUTE), forMs: prng.between(SECOND, 100 * SECOND) }
      : undefined,
  };
}

function drawRuns(prng: Prng, first: ChannelName, isSkewed: boolean): RunPlan[] {
  const crashes = prng.chance(0.3) ? 0 : prng.between(1, 4);
  const switches = prng.chance(0.1);
  return Array.from({ length: crashes + 1 }, (_, index) => {
    const channel = switches && index > 0 ? other(first) : first;
    return drawRun(prng, channel, index === crashes, isSkewed);
  });
}

function other(channel: ChannelName): ChannelName {
  return channel === 'shingsou' ? 'wechatpay' : 'shingsou';
}

function drawBehaviour(prng: Prng): DeliveryBehaviour {
  return {
    takesMs: prng.between(200, prng.pick([2, 5, 20, 300]) * SECOND),
    lagMs: prng.chance(0.7) ? 0 : prng.between(0, prng.pick([3 * SECOND, MINUTE])),
    fails: prng.chance(0.15),
    stuck: prng.chance(0.06),
    rejects: prng.chance(0.05),
  };
}

export const normalBehaviour: DeliveryBehaviour = {
  takesMs: 2 * SECOND,
  lagMs: 0,
  fails: false,
  stuck: false,
  rejects: false,
};

function drawTraits(prng: Prng, name: ChannelName): ChannelTraits {
  const closesLate = name === 'shingsou' && prng.chance(0.2);
  return {
    name,
    closableAfterMs: closesLate ? 5 * MINUTE : 0,
    refundMs: prng.between(SECOND, prng.pick([5 * SECOND, MINUTE])),
  };
}

function drawShare(prng: Prng, likely: number): number {
  return prng.chance(likely) ? prng.next() : 0;
}

/** Most plans mix all faults; some focus on one. */
export function drawPlan(prng: Prng): Plan {
  const plan = drawMixture(prng);
  const focus = prng.weighted({ none: 88, contention: 6, stragglers: 6 });
  if (focus === 'contention') return withContention(plan, prng);
  return focus === 'stragglers' ? { ...plan, constantCondition: 'straggling' } : plan;
}

/**
 * Two processes that contend for the same jobs: one is frozen for about as long as its leases last.
 */
function withContention(plan: Plan, prng: Prng): Plan {
  const run = (freeze: RunPlan['freeze']): RunPlan => ({
    killAfterSteps: undefined,
    downMs: 0,
    skewMs: 0,
    freeze,
    channel: plan.processes[0]?.[0]?.channel ?? 'wechatpay',
  });
  const afterMs = prng.between(5 * SECOND, 90 * SECOND);
  const forMs = prng.between(55 * SECOND, 110 * SECOND);
  return {
    ...plan,
    constantCondition: 'slow',
    faultsEndMs: 5 * MINUTE,
    processes: [[run({ afterMs, forMs })], [run(undefined)]],
  };
}

/**
 * Turns some plans into ones whose card platform takes no order numbers. Only where we order ourselves, so
 * not with 旭宇's channel; and mostly with several customers who buy the same packages for one card.
 */
export function drawNumbering(prng: Prng, plan: Plan): Plan {
  const usesShingsou = plan.processes.flat().some(({ channel }) => channel === 'shingsou');
  if (usesShingsou || !prng.chance(0.35)) return plan;
  const crowd = prng.chance(0.6) ? { customers: prng.between(2, 4), cards: 1 } : {};
  return { ...plan, ...crowd, numbering: 'none', busyShare: prng.pick([0, 0.1, 0.5]) };
}

function drawMixture(prng: Prng): Plan {
  const first: ChannelName = prng.chance(0.5) ? 'shingsou' : 'wechatpay';
  const isSkewed = prng.chance(0.1);
  const faultsEndMs = prng.between(1, prng.pick([3, 5, 10])) * MINUTE;
  return {
    start: drawStart(prng),
    faultsEndMs,
    processes: Array.from({ length: prng.chance(0.3) ? 2 : 1 }, () =>
      drawRuns(prng, first, isSkewed),
    ),
    yieldShare: prng.chance(0.4) ? prng.next() * 0.5 : 0,
    numbering: prng.chance(0.5) ? 'idempotent' : 'listed',
    busyShare: 0,
    traits: {
      shingsou: drawTraits(prng, 'shingsou'),
      wechatpay: drawTraits(prng, 'wechatpay'),
    },
    notifier: {
      lost: prng.chance(0.3) ? 1 : drawShare(prng, 0.4),
      doubled: drawShare(prng, 0.4),
      late: drawShare(prng, 0.3),
      forged: drawShare(prng, 0.3),
    },
    deliveryBehaviours: [drawBehaviour(prng), drawBehaviour(prng), drawBehaviour(prng)],
    balanceShort: prng.chance(0.1)
      ? { from: prng.between(0, faultsEndMs), until: prng.between(0, faultsEndMs) }
      : undefined,
    refundAbnormal: prng.chance(0.05),
    hasPaymentAnomalies: prng.chance(0.3),
    customers: prng.pick([1, 1, 2]),
    cards: prng.pick([1, 1, 2]),
    forgeries: prng.chance(0.2) ? prng.between(1, 25) : 0,
    hasSupervisor: prng.chance(0.15),
    constantCondition: undefined,
  };
}
