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
import type { Journal } from './journal';
import { createJournal } from './journal';
import { createSimulatedUsers } from './simulated-users';
import type { Timeline } from './timeline';
import { createTimeline } from './timeline';
import type { Trace } from './trace';
import { drawInjectedFaults } from './injected-faults';
import { createTrace } from './trace';
import { createMonitor } from './monitor';
import { drawNetworkFaults, type NetworkFaults } from './network-faults';

export interface SimulationParts {
  seed: number;
  shared: SharedStore;
  log: Logger;
  /** Takes the story line by line; without it none is told. */
  tell?: ((line: string) => void) | undefined;
}

/** Everything around the product in one schedule, and the product in it. */
export interface Simulation {
  plan: Plan;
  timeline: Timeline;
  trace: Trace;
  platforms: Platforms;
  journal: Journal;
  /** Whether a clock jumps: what was to be done within half an hour may then be due hours later. */
  hasClockJumps: boolean;
  /** Whether everybody has done, and been told, what they were going to. */
  isQuiet(): boolean;
  /** Lets everything begin. */
  begin(): Promise<void>;
  /** Ends all faults. */
  endFaults(): void;
  /** People see to what was stuck at the platforms, and until an instant (epoch ms) to what no rule settles. */
  resolveStuck(until: number): void;
}

/** What each part of a world is drawn from. What is drawn for one does not shift what is drawn for others. */
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
    pace: root.fork(),
  };
}

/** Draws a world from a seed. Nothing in it has happened yet. */
export function createSimulation({ seed, shared, log, tell }: SimulationParts): Simulation {
  const randomSources = forkRandomSources(createPrng(seed));
  const plan = drawNumbering(randomSources.numbering, drawPlan(randomSources.plan));
  const timeline = createTimeline(plan.start, shared.inFlight);
  const now = () => timeline.now();
  const until = plan.start + plan.faultsEndMs;
  const areFaultsOver = () => now() >= until;
  const trace = createTrace(now, plan.start, tell);
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
    chance: randomSources.network,
    trace,
    count,
  });
  const isClear: NetworkFaults['isClear'] = (...period) =>
    networkFaults.isClear(...period) && injectedFaults.isClear(...period);
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
    chance: randomSources.platforms,
    pace: randomSources.pace,
    areFaultsOver,
    count,
    onEvent: (channel, event) => void notifier.tell(channel, channel === 'wechatpay', event),
    onPlainPayment: monitor.onPaid,
    onOpened: (orderNumber) => monitor.onPayable(orderNumber, 'registered'),
  });
  const fleet: Fleet = createFleet({
    plan,
    timeline,
    chance: randomSources.fleet,
    trace,
    log,
    shared,
    network,
    injectedFaults,
    count,
    platforms,
    onCall: monitor.onCall,
    monitorJob: monitor.watchJob,
  });
  const notifier: Notifier = createNotifier({
    timeline,
    network,
    chance: randomSources.notifier,
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
    chance: randomSources.simulatedUsers,
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
    begin: async () => {
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
      trace(() => 'What was stuck at the platforms is seen to.');
      platforms.resolveStuck();
      if (plan.numbering === 'none') simulatedUsers.resolve(deadline);
    },
  };
}
