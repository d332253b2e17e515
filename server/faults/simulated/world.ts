import type { Logger } from 'pino';
import type { Fleet } from './fleet';
import { createFleet } from './fleet';
import type { SharedStore } from './shared-store';
import { createNetwork } from './network';
import type { Notifier } from './notifier';
import { createNotifier } from './notifier';
import type { Plan } from './plan';
import { drawPlan } from './plan';
import type { Platforms } from './platforms';
import { createPlatforms } from './platforms';
import { createPrng } from './prng';
import type { Chronicle } from './chronicle';
import { createChronicle } from './chronicle';
import { createSociety } from './society';
import type { Timeline } from './timeline';
import { createTimeline } from './timeline';
import type { Trace } from './trace';
import { createTrace } from './trace';
import { createWatch } from './watch';
import { drawWeather } from './weather';

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
  /** Whether everybody has done, and been told, what they were going to. */
  isQuiet(): boolean;
  /** Lets everything begin. */
  begin(): Promise<void>;
  /** Ends all faults. */
  calm(): void;
}

/** Draws a world from a seed. Nothing in it has happened yet. */
export function createWorld({ seed, shared, log, tell }: WorldParts): World {
  const root = createPrng(seed);
  const plan = drawPlan(root.fork());
  const timeline = createTimeline(plan.start, shared.underWay);
  const now = () => timeline.now();
  const until = plan.start + plan.calmMs;
  const isCalm = () => now() >= until;
  const trace = createTrace(now, plan.start, tell);
  const chronicle = createChronicle(trace);
  const { count } = chronicle;
  const weather = drawWeather(root.fork(), { now, from: plan.start, until, climate: plan.climate });
  const network = createNetwork({ timeline, weather, chance: root.fork(), trace, count });
  const watch = createWatch({
    ...{ timeline, weather, shared, onFinding: chronicle.found, onRepair: chronicle.repaired },
    isSkewed: plan.processes.flat().some(({ skewMs }) => skewMs !== 0),
    fleet: () => fleet,
  });
  const platforms = createPlatforms({
    ...{ plan, timeline, chance: root.fork(), isCalm },
    onEvent: (channel, event) => void notifier.tell(channel, channel === 'wechatpay', event),
    onPlainPayment: watch.onPaid,
    onOpened: (orderNumber) => watch.onPayable(orderNumber, 'registered'),
  });
  const fleet: Fleet = createFleet({
    ...{ plan, timeline, chance: root.fork(), trace, log, shared, network, count },
    ...{ ...platforms, onCall: watch.onCall, watchJob: watch.watchJob },
  });
  const notifier: Notifier = createNotifier({
    ...{ timeline, network, chance: root.fork(), trace, plan: plan.notifier, isCalm, count },
    ...{ bffs: fleet.serving, onAcknowledged: chronicle.notified, onFault: chronicle.fault },
  });
  const society = createSociety({
    ...{ plan, timeline, chance: root.fork(), trace, shared, network, until },
    ...{ fleet, platforms, notifier, chronicle },
  });

  return {
    ...{ plan, timeline, trace, platforms, chronicle },
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
  };
}
