import type { Logger } from 'pino';
import type { JobHandler } from '../../../jobs/run-job';
import { type Bff, startBff } from './bff';
import type { SharedStore } from './shared-store';
import type { Network } from './network';
import { type Plan, type RunPlan, settlementDayOf } from './plan';
import type { Platforms } from './platforms';
import {
  type CallReport,
  createCardsPort,
  createGatewayPort,
  type PlatformLinkParts,
} from './ports';
import type { Prng } from './prng';
import { createProcess, type Pauses, type Process } from './process';
import type { Timeline } from './timeline';
import type { Trace } from './trace';
import type { InjectedFaults } from './injected-faults';
import type { StoreFault } from './store-faults';

export interface FleetParts {
  plan: Plan;
  timeline: Timeline;
  prng: Prng;
  trace: Trace;
  log: Logger;
  shared: SharedStore;
  network: Network;
  platforms: Platforms;
  injectedFaults: InjectedFaults;
  pauses: Pauses;
  onCall: (call: CallReport) => void;
  monitorJob: (process: Process, kind: string, handler: JobHandler) => JobHandler;
  count: (
    what: 'crash' | 'freeze' | 'pause' | 'tooLate' | 'clockJump' | 'revokedToken' | StoreFault,
  ) => void;
}

/** The BFF processes of a schedule: started, killed, frozen and restarted as planned. */
export interface Fleet {
  start(): void;
  /** The processes that accept requests now. */
  serving(): readonly Bff[];
  /** Ends the faults; processes that are down are restarted after their planned time. */
  endFaults(): void;
  /** Whether no process was down or frozen between two instants (epoch ms). */
  wasServing(from: number, until: number): boolean;
  wasFrozen(process: Process): boolean;
}

export function createFleet(parts: FleetParts): Fleet {
  const { plan, timeline, prng, trace, shared, injectedFaults, count } = parts;
  const { channels } = parts.platforms;
  const serving = new Set<Bff>();
  const frozen = new Set<Process>();
  const outages: { from: number; until: number }[] = [];
  let areFaultsOver = false;
  let started = 0;

  function linkParts(process: Process): PlatformLinkParts {
    const isRevoked: PlatformLinkParts['isRevoked'] = (link) => {
      const revoked = injectedFaults.isRevoked(link);
      if (revoked) count('revokedToken');
      return revoked;
    };
    const onTooLate = () => count('tooLate');
    return { process, network: parts.network, trace, report: parts.onCall, isRevoked, onTooLate };
  }

  function storeFault(): StoreFault | undefined {
    const injectedFault = injectedFaults.storeFault();
    if (injectedFault) count(injectedFault);
    return injectedFault;
  }

  function assemble(process: Process, run: RunPlan, slot: number): Bff {
    const link = linkParts(process);
    const { now } = parts.platforms;
    const gateways = {
      shingsou: createGatewayPort(channels.shingsou, { delivers: true, now }, link),
      wechatpay: createGatewayPort(channels.wechatpay, { delivers: false, now }, link),
    };
    const { [run.channel]: current, ...others } = gateways;
    return startBff({
      process,
      shared,
      timeline,
      log: parts.log,
      current,
      monitorJob: parts.monitorJob,
      clock: () => timeline.now() + run.skewMs + injectedFaults.clockError(slot),
      mayClockJump: injectedFaults.clockSteps[slot]?.length !== 0,
      storeFault,
      cards: createCardsPort(parts.platforms, plan.numbering, link),
      settlementDay: settlementDayOf(plan),
      others: Object.values(others),
    });
  }

  function startProcess(slot: number, index: number): void {
    const run = plan.processes[slot]?.[index];
    if (!run) return;
    started += 1;
    const { yieldShare } = plan;
    const killAfterSteps = areFaultsOver ? undefined : run.killAfterSteps;
    const process = createProcess(
      `BFF ${String(started)}`,
      { killAfterSteps, yieldShare },
      { timeline, prng, pauses: parts.pauses, onPause },
    );
    const bff = assemble(process, run, slot);
    serving.add(bff);
    trace(() => `${process.name} starts with the channel ${run.channel}`);
    process.onDeath(() => {
      serving.delete(bff);
      recordCrash(process, run);
      timeline.at(timeline.now() + run.downMs, () => startProcess(slot, index + 1));
    });
    if (run.freeze && !areFaultsOver) planFreeze(process, run.freeze);
  }

  function onPause(process: Process, ms: number): void {
    count('pause');
    frozen.add(process);
    outages.push({ from: timeline.now(), until: timeline.now() + ms });
    trace(() => `${process.name} is suspended for ${String(ms / 1000)} s`);
  }

  function recordCrash(process: Process, { downMs }: RunPlan): void {
    count('crash');
    outages.push({ from: timeline.now(), until: timeline.now() + downMs });
    trace(() => `${process.name} is killed`);
  }

  function planFreeze(process: Process, { afterMs, forMs }: NonNullable<RunPlan['freeze']>): void {
    timeline.at(timeline.now() + afterMs, () => {
      if (areFaultsOver || !process.isAlive()) return;
      count('freeze');
      frozen.add(process);
      outages.push({ from: timeline.now(), until: timeline.now() + forMs });
      trace(() => `${process.name} is frozen for ${String(forMs / 1000)} s`);
      process.freeze(timeline.now() + forMs);
    });
  }

  function scheduleClockJumps(slot: number): void {
    for (const { at, offMs } of injectedFaults.clockSteps[slot] ?? []) {
      timeline.at(at, () => {
        count('clockJump');
        trace(() => `The clock of slot ${String(slot + 1)} is ${String(offMs / 1000)} s off`);
      });
    }
  }

  return {
    start: () => {
      for (const slot of plan.processes.keys()) {
        scheduleClockJumps(slot);
        startProcess(slot, 0);
      }
    },
    serving: () => [...serving],
    endFaults: () => {
      areFaultsOver = true;
      for (const { process } of serving) process.disarm();
    },
    wasServing: (from, until) => outages.every((each) => each.until < from || each.from > until),
    wasFrozen: (process) => frozen.has(process),
  };
}
