import { availableParallelism } from 'node:os';
import { pino } from 'pino';
import {
  choiceOption,
  createProgram,
  exitCodes,
  startProgram,
  wholeNumber,
} from '../../lib/command-line';
import { UsageError } from '../../lib/usage-error';
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
 * `npm run faults`: runs schedules of faults, and checks that no money is lost, doubled or left unsettled.
 */

interface Options {
  schedules: number;
  seed: number;
  store: 'sqlite' | 'postgres';
  jobs: number;
  real: boolean;
  replay: boolean;
}

const DEFAULT_SCHEDULES = 1000;
/** How often progress is written into a file. */
const PROGRESS_PERCENT = 2;

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Reports progress on stderr: rewrites one line of a terminal, and writes a line every 2 % into a file. */
function createProgress(all: number): (done: number) => void {
  let shown = 0;
  return (done) => {
    const percent = Math.floor((done / all) * 100);
    if (process.stderr.isTTY) process.stderr.write(`\r${String(done)} of ${String(all)}`);
    else if (percent >= shown + PROGRESS_PERCENT) {
      shown = percent;
      process.stderr.write(`${String(done)} of ${String(all)} schedules (${String(percent)} %)\n`);
    }
  };
}

function reportBatch(result: BatchResult, options: Options, ms: number): RunReport {
  const { schedules, counters: tally, failures, slowestRepairMs } = result;
  const each = (ms / schedules).toFixed(1);
  return {
    title:
      `${String(schedules)} simulated schedules from seed ${String(options.seed)} on ${options.store} in ` +
      `${(ms / 1000).toFixed(1)} s (${each} ms each); ` +
      `slowest first query of an unknown delivery ${(slowestRepairMs / 1000).toFixed(1)} s`,
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

async function runSchedules(options: Options, storeSource: StoreSource): Promise<BatchResult> {
  const { seed, schedules, jobs } = options;
  const onProgress = createProgress(schedules);
  return options.replay
    ? replay(options, storeSource)
    : runInWorkers({ seed, schedules, jobs, storeSource, onProgress });
}

async function simulate(options: Options): Promise<RunReport> {
  const storeSource = await openStoreSource(options.store);
  try {
    const started = performance.now();
    const result = await runSchedules(options, storeSource);
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

async function run(options: Options): Promise<void> {
  const report = await (options.real ? runRealProcesses(options) : simulate(options));
  for (const line of describeRun(report)) printLine(line);
  if (report.findings.length > 0) process.exitCode = exitCodes.failed;
}

type Flags = Omit<Options, 'schedules'> & { schedules?: number };

const program = createProgram({
  name: 'npm run faults --',
  summary:
    'Runs schedules in which customers, platforms, network and processes fail, then compares what the channel took and refunded and what was delivered with our records.',
  examples: [
    'npm run faults -- --schedules 10000',
    'npm run faults -- --seed 42 --schedules 1 --replay',
    'npm run faults -- --real --store postgres --schedules 100',
  ],
  exits: ['0 nothing was found', '1 something was found', '2 wrong usage'],
})
  .option(
    '--schedules <n>',
    'how many; with --real, how often processes are killed',
    wholeNumber(1),
  )
  .option('--seed <n>', 'first seed; a seed always gives the same schedule', wholeNumber(0), 1)
  .addOption(choiceOption('--store <store>', 'the store', ['sqlite', 'postgres']).default('sqlite'))
  .option('--jobs <n>', 'processes for simulated schedules', wholeNumber(1), availableParallelism())
  .option('--real', 'real processes over HTTP, killed with -9, instead of simulated ones', false)
  .option('--replay', 'print a simulated schedule step by step', false)
  .action(async ({ schedules, ...flags }: Flags) => {
    if (flags.replay && flags.real)
      throw new UsageError('only simulated schedules can be replayed');
    await run({ ...flags, schedules: schedules ?? (flags.replay ? 1 : DEFAULT_SCHEDULES) });
  });

startProgram(program);
