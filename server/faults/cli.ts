import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { runReal } from './real/run';
import type { RunReport } from './report';
import { describeRun } from './report';
import type { BatchResult } from './simulated/batch';
import { runBatch } from './simulated/batch';
import type { Ground } from './simulated/ground';
import { layGround, openShared } from './simulated/ground';
import { runSpread } from './simulated/spread';
import { figures } from './simulated/tally';

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

interface Wish {
  schedules: number;
  seed: number;
  store: 'sqlite' | 'postgres';
  jobs: number;
  real: boolean;
  replay: boolean;
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`--${name} is a whole number from ${String(least)} on, not ${text}`);
  }
  return value;
}

function readWish(): Wish {
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
    schedules: whole('schedules', values.schedules ?? (replay ? '1' : '1000'), 1),
    seed: whole('seed', values.seed, 0),
    jobs: whole('jobs', values.jobs, 1),
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Rewrites one line of a terminal; says nothing into a file. */
function progress(done: number, all: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${String(done)} of ${String(all)}`);
}

function reportBatch(result: BatchResult, wish: Wish, ms: number): RunReport {
  const { schedules, tally, failures, slowestRepairMs } = result;
  const each = (ms / schedules).toFixed(1);
  return {
    title:
      `${String(schedules)} simulated schedules from seed ${String(wish.seed)} on ${wish.store} in ` +
      `${(ms / 1000).toFixed(1)} s (${each} ms each); ` +
      `slowest first look into an unknown ${(slowestRepairMs / 1000).toFixed(1)} s`,
    faults: Object.fromEntries(
      Object.entries(tally).filter(([kind]) => !figures.some((figure) => figure === kind)),
    ),
    orders: tally.orders ?? 0,
    delivered: tally.delivered ?? 0,
    refunded: tally.refunded ?? 0,
    handedOver: tally.handedOver ?? 0,
    findings: failures.flatMap(({ findings }) => findings),
  };
}

function sayFailures({ failures }: BatchResult, { store }: Wish): void {
  for (const { seed, findings } of failures) {
    for (const { kind, orderNumber, detail } of findings) {
      say(`seed ${String(seed)}: ${kind} ${orderNumber} ${detail}`);
    }
    say(`  npm run faults -- --store ${store} --seed ${String(seed)} --schedules 1 --replay`);
  }
}

async function replay({ seed, schedules }: Wish, ground: Ground): Promise<BatchResult> {
  const shared = await openShared(await ground.newStore());
  const log = pino({ level: 'warn', base: null, timestamp: false });
  try {
    return await runBatch(shared, { from: seed, count: schedules, log, tell: say });
  } finally {
    await shared.close();
  }
}

async function run(wish: Wish, ground: Ground): Promise<BatchResult> {
  const { seed, schedules, jobs } = wish;
  const onProgress = (done: number) => progress(done, schedules);
  return wish.replay
    ? replay(wish, ground)
    : runSpread({ seed, schedules, jobs, ground, onProgress });
}

async function simulate(wish: Wish): Promise<RunReport> {
  const ground = await layGround(wish.store);
  try {
    const started = performance.now();
    const result = await run(wish, ground);
    sayFailures(result, wish);
    return reportBatch(result, wish, performance.now() - started);
  } finally {
    await ground.clear();
  }
}

async function runForReal({ schedules, seed, store }: Wish): Promise<RunReport> {
  const result = await runReal({ rounds: schedules, seed, store, log: say });
  return {
    ...result,
    title: `${String(result.rounds)} rounds of real processes from seed ${String(seed)} on ${store}`,
  };
}

async function main(): Promise<void> {
  const wish = readWish();
  const report = await (wish.real ? runForReal(wish) : simulate(wish));
  for (const line of describeRun(report)) say(line);
  if (report.findings.length > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(error instanceof UsageError ? `${error.message}\n${usage}` : `${text}\n`);
  process.exitCode = 1;
});
