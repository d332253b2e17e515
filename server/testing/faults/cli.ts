import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { runReal } from './real/run';
import type { RunReport } from './report';
import { describeRun } from './report';
import type { BatchResult } from './simulated/batch';
import { runBatch } from './simulated/batch';
import type { StoreSource } from './simulated/store-source';
import { openStoreSource, openShared } from './simulated/store-source';
import { runInWorkers } from './simulated/worker-pool';
import { outcomeCounters } from './simulated/counters';

/**
 * `npm run faults`: lets everything go wrong that can, and checks that no money is lost, doubled or
 * stranded. Exit code 1 if something was found.
 */
const usage = `npm run faults -- [--schedules N] [--seed S] [--store sqlite|postgres] [--jobs N] [--real] [--replay]

  --schedules  how many (1000); with --real, how often processes are killed
  --seed       what chance is drawn from (1): the same seed is the same schedule
  --store      sqlite, or postgres, of which one is started (sqlite)
  --jobs       how many processes share simulated schedules (one for each core)
  --real       real processes over HTTP, killed with -9, instead of simulated ones
  --replay     tells one simulated schedule step by step
`;

class UsageError extends Error {}

interface Options {
  schedules: number;
  seed: number;
  store: 'sqlite' | 'postgres';
  jobs: number;
  real: boolean;
  replay: boolean;
}

function parseWholeNumber(name: string, text: string, minimum: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new UsageError(`--${name} is a whole number from ${String(minimum)} on, not ${text}`);
  }
  return value;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      schedules: { type: 'string' },
      seed: { type: 'string', default: '1' },
      store: { type: 'string', default: 'sqlite' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      real: { type: 'boolean', default: false },
      replay: { type: 'boolean', default: false },
    },
  });
  const { store, real, replay } = values;
  if (store !== 'sqlite' && store !== 'postgres') throw new UsageError(`no such store: ${store}`);
  if (replay && real) throw new UsageError('only simulated schedules can be replayed');
  return {
    ...{ store, real, replay },
    schedules: parseWholeNumber('schedules', values.schedules ?? (replay ? '1' : '1000'), 1),
    seed: parseWholeNumber('seed', values.seed, 0),
    jobs: parseWholeNumber('jobs', values.jobs, 1),
  };
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Rewrites one line of a terminal; says nothing into a file. */
function progress(done: number, all: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${String(done)} of ${String(all)}`);
}

function reportBatch(result: BatchResult, options: Options, ms: number): RunReport {
  const { schedules, counters: tally, failures, slowestRepairMs } = result;
  const each = (ms / schedules).toFixed(1);
  return {
    title:
      `${String(schedules)} simulated schedules from seed ${String(options.seed)} on ${options.store} in ` +
      `${(ms / 1000).toFixed(1)} s (${each} ms each); ` +
      `slowest first look into an unknown ${(slowestRepairMs / 1000).toFixed(1)} s`,
    faults: Object.fromEntries(
      Object.entries(tally).filter(([kind]) => !outcomeCounters.some((figure) => figure === kind)),
    ),
    orders: tally.orders ?? 0,
    delivered: tally.delivered ?? 0,
    refunded: tally.refunded ?? 0,
    handedOver: tally.handedOver ?? 0,
    findings: failures.flatMap(({ findings }) => findings),
  };
}

function printFailures({ failures }: BatchResult, { store }: Options): void {
  for (const { seed, findings } of failures) {
    for (const { kind, orderNumber, detail } of findings) {
      printLine(`seed ${String(seed)}: ${kind} ${orderNumber} ${detail}`);
    }
    printLine(`  npm run faults -- --store ${store} --seed ${String(seed)} --schedules 1 --replay`);
  }
}

async function replay(
  { seed, schedules }: Options,
  storeSource: StoreSource,
): Promise<BatchResult> {
  const shared = await openShared(await storeSource.newStore());
  const log = pino({ level: 'warn', base: null, timestamp: false });
  try {
    return await runBatch(shared, { from: seed, count: schedules, log, onTraceLine: printLine });
  } finally {
    await shared.close();
  }
}

async function run(options: Options, storeSource: StoreSource): Promise<BatchResult> {
  const { seed, schedules, jobs } = options;
  const onProgress = (done: number) => progress(done, schedules);
  return options.replay
    ? replay(options, storeSource)
    : runInWorkers({ seed, schedules, jobs, storeSource, onProgress });
}

async function simulate(options: Options): Promise<RunReport> {
  const storeSource = await openStoreSource(options.store);
  try {
    const started = performance.now();
    const result = await run(options, storeSource);
    printFailures(result, options);
    return reportBatch(result, options, performance.now() - started);
  } finally {
    await storeSource.clear();
  }
}

async function runRealProcesses({ schedules, seed, store }: Options): Promise<RunReport> {
  const result = await runReal({ rounds: schedules, seed, store, log: printLine });
  return {
    ...result,
    title: `${String(result.rounds)} rounds of real processes from seed ${String(seed)} on ${store}`,
  };
}

async function main(): Promise<void> {
  const options = readOptions();
  const report = await (options.real ? runRealProcesses(options) : simulate(options));
  for (const line of describeRun(report)) printLine(line);
  if (report.findings.length > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(error instanceof UsageError ? `${error.message}\n${usage}` : `${text}\n`);
  process.exitCode = 1;
});
