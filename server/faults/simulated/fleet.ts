import type { Logger } from 'pino';
import type { JobHandler } from '../../jobs/worker';
import type { Bff } from './bff';
import { startBff } from './bff';
import type { SharedStore } from './shared-store';
import type { Network } from './network';
import type { Plan, RunPlan } from './plan';
import type { Platforms } from './platforms';
import type { CallReport, LineParts } from './ports';
import { createCardsPort, createGatewayPort } from './ports';
import type { Prng } from './prng';
import type { Process } from './process';
import { createProcess } from './process';
import type { Timeline } from './timeline';
import type { Trace } from './trace';
import type { Troubles } from './troubles';
import type { StoreMishap } from './store-mishap';

export interface FleetParts {
  plan: Plan;
  timeline: Timeline;
  chance: Prng;
  trace: Trace;
  log: Logger;
  shared: SharedStore;
  network: Network;
  platforms: Platforms;
  troubles: Troubles;
  onCall: (call: CallReport) => void;
  watchJob: (process: Process, kind: string, handler: JobHandler) => JobHandler;
  count: (what: 'crash' | 'freeze' | 'clockJump' | 'revokedToken' | StoreMishap) => void;
}

/** The BFF processes of a schedule: started, killed, held up and started again as planned. */
export interface Fleet {
  start(): void;
  /** Those that take requests now. */
  serving(): readonly Bff[];
  /** Nothing befalls them any more; what is down comes up. */
  calm(): void;
  /** Whether all of them were up, and none was held up, from one instant to another (epoch ms). */
  wasServing(from: number, until: number): boolean;
  wasFrozen(process: Process): boolean;
}

export function createFleet(parts: FleetParts): Fleet {
  const { plan, timeline, chance, trace, shared, troubles, count } = parts;
  const { channels } = parts.platforms;
  const serving = new Set<Bff>();
  const frozen = new Set<Process>();
  const outages: { from: number; until: number }[] = [];
  let isCalm = false;
  let names = 0;

  function lineParts(process: Process): LineParts {
    const isRevoked: LineParts['isRevoked'] = (link) => {
      const revoked = troubles.isRevoked(link);
      if (revoked) count('revokedToken');
      return revoked;
    };
    return { process, network: parts.network, trace, report: parts.onCall, isRevoked };
  }

  function storeMishap(): StoreMishap | undefined {
    const mishap = troubles.storeMishap();
    if (mishap) count(mishap);
    return mishap;
  }

  function assemble(process: Process, run: RunPlan, slot: number): Bff {
    const line = lineParts(process);
    const gateways = {
      shingsou: createGatewayPort(channels.shingsou, { delivers: true }, line),
      wechatpay: createGatewayPort(channels.wechatpay, { delivers: false }, line),
    };
    const { [run.channel]: current, ...others } = gateways;
    return startBff({
      ...{ process, shared, timeline, log: parts.log, current, watchJob: parts.watchJob },
      clock: () => timeline.now() + run.skewMs + troubles.clockError(slot),
      isRestless: troubles.clockSteps[slot]?.length !== 0,
      storeMishap,
      cards: createCardsPort(parts.platforms, plan.numbering, line),
      others: Object.values(others),
    });
  }

  function begin(slot: number, index: number): void {
    const run = plan.processes[slot]?.[index];
    if (!run) return;
    names += 1;
    const { dither } = plan;
    const fuse = isCalm ? undefined : run.fuse;
    const process = createProcess(`BFF ${String(names)}`, { fuse, dither }, { timeline, chance });
    const bff = assemble(process, run, slot);
    serving.add(bff);
    trace(() => `${process.name} starts, paid through ${run.channel}`);
    process.onDeath(() => {
      serving.delete(bff);
      bury(process, run);
      timeline.at(timeline.now() + run.downMs, () => begin(slot, index + 1));
    });
    if (run.freeze && !isCalm) planFreeze(process, run.freeze);
  }

  function bury(process: Process, { downMs }: RunPlan): void {
    count('crash');
    outages.push({ from: timeline.now(), until: timeline.now() + downMs });
    trace(() => `${process.name} is killed`);
  }

  function planFreeze(process: Process, { afterMs, forMs }: NonNullable<RunPlan['freeze']>): void {
    timeline.at(timeline.now() + afterMs, () => {
      if (isCalm || !process.isAlive()) return;
      count('freeze');
      frozen.add(process);
      outages.push({ from: timeline.now(), until: timeline.now() + forMs });
      trace(() => `${process.name} is held up for ${String(forMs / 1000)} s`);
      process.freeze(timeline.now() + forMs);
    });
  }

  function foretell(slot: number): void {
    for (const { at, offMs } of troubles.clockSteps[slot] ?? []) {
      timeline.at(at, () => {
        count('clockJump');
        trace(() => `The clock at place ${String(slot + 1)} is ${String(offMs / 1000)} s off`);
      });
    }
  }

  return {
    start: () => {
      for (const slot of plan.processes.keys()) {
        foretell(slot);
        begin(slot, 0);
      }
    },
    serving: () => [...serving],
    calm: () => {
      isCalm = true;
      for (const { process } of serving) process.spare();
    },
    wasServing: (from, until) => outages.every((each) => each.until < from || each.from > until),
    wasFrozen: (process) => frozen.has(process),
  };
}
