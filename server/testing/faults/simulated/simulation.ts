import type { Logger } from 'pino';
import { createFleet, type Fleet } from './fleet';
import type { SharedStore } from './shared-store';
import { createNetwork } from './network';
import { createNotifier, type Notifier } from './notifier';
import { drawNumbering, drawPlan, type Plan } from './plan';
import { drawTiming } from './pauses';
import { createPlatforms, type Platforms } from './platforms';
import { drawRefundFaults } from './refund-faults';
import { createPrng, type Prng } from './prng';
import { createJournal, type Journal } from './journal';
import { createSimulatedUsers } from './simulated-users';
import { createTimeline, type Timeline } from './timeline';
import { createTrace, type Trace } from './trace';
import { drawInjectedFaults } from './injected-faults';
import { createMonitor } from './monitor';
import { drawNetworkFaults, type NetworkFaults } from './network-faults';

export interface SimulationParts {
  seed: number;
  shared: SharedStore;
  log: Logger;
  /** Receives the trace line by line; without it, none is written. */
  onTraceLine?: ((line: string) => void) | undefined;
}

/** One schedule: the BFF processes, and everything around them. */
export interface Simulation {
  plan: Plan;
  timeline: Timeline;
  trace: Trace;
  platforms: Platforms;
  journal: Journal;
  /** Whether a clock jumps: jobs may then be due hours later than planned. */
  hasClockJumps: boolean;
  /** Whether all customers and staff have finished, and all signed notifications are acknowledged. */
  isQuiet(): boolean;
  /** Starts the users and the BFF processes. */
  start(): Promise<void>;
  /** Ends all faults. */
  endFaults(): void;
  /** The platforms settle what was stuck; until an instant (epoch ms), staff resolve unknown deliveries. */
  resolveStuck(until: number): void;
}

/** One generator for each part, so that draws for one part do not shift those of the others. */
function forkRandomSources(root: Prng) {
  return {
    plan: root.fork(),
    networkFaults: root.fork(),
    network: root.fork(),
    platforms: root.fork(),
    fleet: root.fork(),
    notifier: root.fork(),
    simulatedUsers: root.fork(),
    numbering: root.fork(),
    injectedFaults: root.fork(),
    busy: root.fork(),
    timing: root.fork(),
    refundFaults: root.fork(),
  };
}

/** Draws a schedule from a seed and assembles its parts. Nothing runs before `start`. */
export function createSimulation({ seed, shared, log, onTraceLine }: SimulationParts): Simulation {
  const randomSources = forkRandomSources(createPrng(seed));
  const drawn = drawNumbering(randomSources.numbering, drawPlan(randomSources.plan));
  const timeline = createTimeline(drawn.start, shared.inFlight);
  const now = () => timeline.now();
  const timing = drawTiming(randomSources.timing, drawn, now);
  const { plan } = timing;
  const until = plan.start + plan.faultsEndMs;
  const areFaultsOver = () => now() >= until;
  const trace = createTrace(now, plan.start, onTraceLine);
  const journal = createJournal(trace);
  const { count } = journal;
  const { constantCondition } = plan;
  const networkFaults = drawNetworkFaults(randomSources.networkFaults, {
    now,
    from: plan.start,
    until,
    constantCondition,
  });
  const injectedFaults = drawInjectedFaults(randomSources.injectedFaults, { plan, now });
  const network = createNetwork({
    timeline,
    networkFaults,
    prng: randomSources.network,
    trace,
    count,
  });
  const isClear: NetworkFaults['isClear'] = (link, from, to) =>
    networkFaults.isClear(link, from, to) && injectedFaults.isClear(link, from, to);
  const monitor = createMonitor({
    timeline,
    networkFaults: { isClear },
    isStoreUp: injectedFaults.isStoreUp,
    shared,
    onFinding: journal.addFinding,
    onRepair: journal.recordRepair,
    isSkewed:
      plan.processes.flat().some(({ skewMs }) => skewMs !== 0) || injectedFaults.hasClockJumps,
    fleet: () => fleet,
  });
  const platforms = createPlatforms({
    plan,
    timeline,
    prng: randomSources.platforms,
    busyPrng: randomSources.busy,
    refundFaults: drawRefundFaults(randomSources.refundFaults, plan),
    platformClock: timing.platformClock,
    areFaultsOver,
    count,
    onEvent: (channel, event) => void notifier.notify(channel, channel === 'wechatpay', event),
    onPlainPayment: monitor.onPaid,
    onOpened: (orderNumber) => monitor.onPayable(orderNumber, 'registered'),
  });
  const fleet: Fleet = createFleet({
    plan,
    timeline,
    prng: randomSources.fleet,
    trace,
    log,
    shared,
    network,
    injectedFaults,
    pauses: timing.pauses,
    count,
    platforms,
    onCall: monitor.onCall,
    monitorJob: monitor.monitorJob,
  });
  const notifier: Notifier = createNotifier({
    timeline,
    network,
    prng: randomSources.notifier,
    trace,
    plan: plan.notifier,
    areFaultsOver,
    count,
    bffs: fleet.serving,
    onAcknowledged: journal.recordAcknowledged,
    onFault: journal.reportFailure,
  });
  const simulatedUsers = createSimulatedUsers({
    plan,
    timeline,
    prng: randomSources.simulatedUsers,
    trace,
    shared,
    network,
    until,
    fleet,
    platforms,
    notifier,
    journal,
  });

  return {
    plan,
    timeline,
    trace,
    platforms,
    journal,
    hasClockJumps: injectedFaults.hasClockJumps,
    isQuiet: () => simulatedUsers.isQuiet() && notifier.isIdle(),
    start: async () => {
      if (timing.isPlatformClockWrong) count('platformClock');
      platforms.scheduleRefundFaults();
      await simulatedUsers.start();
      fleet.start();
    },
    endFaults: () => {
      trace(() => 'All faults end.');
      fleet.endFaults();
      platforms.endFaults();
    },
    resolveStuck: (deadline) => {
      trace(() => 'The platforms settle what was stuck.');
      platforms.resolveStuck();
      if (plan.numbering === 'none') simulatedUsers.resolve(deadline);
    },
  };
}
