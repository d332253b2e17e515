import type { Logger } from 'pino';
import type { Fleet } from './fleet';
import { createFleet } from './fleet';
import type { SharedStore } from './shared-store';
import { createNetwork } from './network';
import type { Notifier } from './notifier';
import { createNotifier } from './notifier';
import type { Plan } from './plan';
import { drawNumbering, drawPlan } from './plan';
import type { Platforms } from './platforms';
import { createPlatforms } from './platforms';
import { createPrng, type Prng } from './prng';
import type { Chronicle } from './chronicle';
import { createChronicle } from './chronicle';
import { createSociety } from './society';
import type { Timeline } from './timeline';
import { createTimeline } from './timeline';
import type { Trace } from './trace';
import { drawTroubles } from './troubles';
import { createTrace } from './trace';
import { createWatch } from './watch';
import { drawWeather, type Weather } from './weather';

export interface WorldParts {
  seed: number;
  shared: SharedStore;
  log: Logger;
  /** Takes the story line by line; without it none is told. */
  tell?: ((line: string) => void) | undefined;
}

/** Everything around the product in one schedule, and the product in it. */
export interface World {
  plan: Plan;
  timeline: Timeline;
  trace: Trace;
  platforms: Platforms;
  chronicle: Chronicle;
  /** Whether a clock jumps: what was to be done within half an hour may then be due hours later. */
  hasJumps: boolean;
  /** Whether everybody has done, and been told, what they were going to. */
  isQuiet(): boolean;
  /** Lets everything begin. */
  begin(): Promise<void>;
  /** Ends all faults. */
  calm(): void;
  /** People see to what was stuck at the platforms, and until an instant (epoch ms) to what no rule settles. */
  mend(until: number): void;
}

/** What each part of a world is drawn from. What is drawn for one does not shift what is drawn for others. */
function forkChances(root: Prng) {
  return {
    plan: root.fork(),
    weather: root.fork(),
    network: root.fork(),
    platforms: root.fork(),
    fleet: root.fork(),
    notifier: root.fork(),
    society: root.fork(),
    numbering: root.fork(),
    troubles: root.fork(),
    pace: root.fork(),
  };
}

/** Draws a world from a seed. Nothing in it has happened yet. */
export function createWorld({ seed, shared, log, tell }: WorldParts): World {
  const chances = forkChances(createPrng(seed));
  const plan = drawNumbering(chances.numbering, drawPlan(chances.plan));
  const timeline = createTimeline(plan.start, shared.underWay);
  const now = () => timeline.now();
  const until = plan.start + plan.calmMs;
  const isCalm = () => now() >= until;
  const trace = createTrace(now, plan.start, tell);
  const chronicle = createChronicle(trace);
  const { count } = chronicle;
  const { climate } = plan;
  const weather = drawWeather(chances.weather, { now, from: plan.start, until, climate });
  const troubles = drawTroubles(chances.troubles, { plan, now });
  const network = createNetwork({ timeline, weather, chance: chances.network, trace, count });
  const isClear: Weather['isClear'] = (...spell) =>
    weather.isClear(...spell) && troubles.isClear(...spell);
  const watch = createWatch({
    ...{ timeline, weather: { isClear }, isStoreUp: troubles.isStoreUp, shared },
    ...{ onFinding: chronicle.found, onRepair: chronicle.repaired },
    isSkewed: plan.processes.flat().some(({ skewMs }) => skewMs !== 0) || troubles.hasJumps,
    fleet: () => fleet,
  });
  const platforms = createPlatforms({
    ...{ plan, timeline, chance: chances.platforms, pace: chances.pace, isCalm, count },
    onEvent: (channel, event) => void notifier.tell(channel, channel === 'wechatpay', event),
    onPlainPayment: watch.onPaid,
    onOpened: (orderNumber) => watch.onPayable(orderNumber, 'registered'),
  });
  const fleet: Fleet = createFleet({
    ...{ plan, timeline, chance: chances.fleet, trace, log, shared, network, troubles, count },
    ...{ platforms, onCall: watch.onCall, watchJob: watch.watchJob },
  });
  const notifier: Notifier = createNotifier({
    ...{ timeline, network, chance: chances.notifier, trace, plan: plan.notifier, isCalm, count },
    ...{ bffs: fleet.serving, onAcknowledged: chronicle.notified, onFault: chronicle.fault },
  });
  const society = createSociety({
    ...{ plan, timeline, chance: chances.society, trace, shared, network, until },
    ...{ fleet, platforms, notifier, chronicle },
  });

  return {
    ...{ plan, timeline, trace, platforms, chronicle },
    hasJumps: troubles.hasJumps,
    isQuiet: () => society.isQuiet() && notifier.isThrough(),
    begin: async () => {
      platforms.trouble();
      await society.admit();
      fleet.start();
    },
    calm: () => {
      trace(() => 'All faults end.');
      fleet.calm();
      platforms.calm();
    },
    mend: (untilWhen) => {
      trace(() => 'What was stuck at the platforms is seen to.');
      platforms.mend();
      if (plan.numbering === 'none') society.resolve(untilWhen);
    },
  };
}
