import type { Logger } from 'pino';
import type { Finding } from '../checker';
import { silentLog } from './bff';
import type { SharedStore } from './shared-store';
import { runSchedule } from './schedule';
import { type Counters, mergeCounters } from './counters';

/** The sum of the results of several schedules. */
export interface BatchResult {
  schedules: number;
  counters: Counters;
  /** Only the schedules with findings. */
  failures: { seed: number; findings: Finding[] }[];
  slowestRepairMs: number;
}

export function emptyResult(): BatchResult {
  return { schedules: 0, counters: {}, failures: [], slowestRepairMs: 0 };
}

/** Adds one result to another. */
export function addResult(into: BatchResult, from: BatchResult): void {
  into.schedules += from.schedules;
  mergeCounters(into.counters, from.counters);
  into.failures.push(...from.failures);
  into.slowestRepairMs = Math.max(into.slowestRepairMs, from.slowestRepairMs);
}

export interface BatchOptions {
  /** The seed of the first schedule; each further one has the next seed. */
  from: number;
  count: number;
  /** Stops after the first schedule with findings. */
  untilFound?: boolean;
  log?: Logger;
  onTraceLine?: (line: string) => void;
}

/** Runs schedules one after the other on one store. */
export async function runBatch(
  shared: SharedStore,
  { from, count, untilFound = false, log = silentLog, onTraceLine }: BatchOptions,
): Promise<BatchResult> {
  const result = emptyResult();
  for (let seed = from; seed < from + count; seed += 1) {
    const { findings, counters, slowestRepairMs } = await runSchedule({
      seed,
      shared,
      log,
      ...(onTraceLine && { onTraceLine }),
    });
    const failures = findings.length > 0 ? [{ seed, findings }] : [];
    addResult(result, { schedules: 1, counters, failures, slowestRepairMs });
    if (untilFound && failures.length > 0) break;
  }
  return result;
}
