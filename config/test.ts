import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { ensureChromium } from './chromium';
import { ensurePostgres, startPostgres } from './postgres';

/**
 * `npm test`: every check that a change has to pass. Checks and builds run two at a time, then every test
 * once, with one temporary PostgreSQL for all. A failure does not hide the next one; any failure ends with
 * exit code 1. Arguments go to Jest: `npm test -- order-state`.
 */

/** What a run leaves behind; the next one starts with it empty. */
const ARTIFACTS = '.artifacts';
/** Jest's report of the run, which `.ci/run` reads. */
const REPORT = `${ARTIFACTS}/jest.json`;

interface Step {
  name: string;
  command: string;
  args: string[];
}

interface Outcome {
  name: string;
  ok: boolean;
  seconds: number;
}

const checks: Step[] = [
  step('format', 'prettier --check --log-level warn .'),
  step('lint', 'eslint --max-warnings 0 .'),
  step('styles', 'stylelint client/**/*.scss'),
  step('unused', 'knip'),
  step('unused live', 'knip --production'),
  step('dependencies', 'depcruise client server shared --output-type err'),
  step('types', 'tsc -p .'),
];

const builds: Step[] = [
  step('build weapp', 'npm run --silent build:weapp'),
  step('build h5', 'npm run --silent build:h5'),
  step('build server', 'npm run --silent build:server'),
];

function step(name: string, line: string): Step {
  const [command = '', ...args] = line.split(' ');
  return { name, command, args };
}

/** Runs a step silently; its output is shown when it fails. */
async function runSilently(task: Step): Promise<Outcome> {
  const output: Buffer[] = [];
  const started = performance.now();
  const code = await exitCode(task, (chunk) => output.push(chunk));
  const outcome = { name: task.name, ok: code === 0, seconds: secondsSince(started) };
  report(outcome);
  if (!outcome.ok) process.stdout.write(Buffer.concat(output));
  return outcome;
}

/** Runs a step with its output going straight to the terminal. */
async function runVerbosely(task: Step): Promise<Outcome> {
  const started = performance.now();
  const code = await exitCode(task, (chunk) => process.stdout.write(chunk));
  const outcome = { name: task.name, ok: code === 0, seconds: secondsSince(started) };
  report(outcome);
  return outcome;
}

function exitCode(task: Step, onOutput: (chunk: Buffer) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(task.command, task.args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    child.on('error', reject);
    child.on('close', (code) => {
      resolve(code ?? 1);
    });
  });
}

async function runTwoAtATime(tasks: Step[]): Promise<Outcome[]> {
  const waiting = [...tasks];
  const outcomes: Outcome[] = [];
  const worker = async () => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      outcomes.push(await runSilently(task));
    }
  };
  await Promise.all([worker(), worker()]);
  return outcomes;
}

async function runTests(chromium: string): Promise<Outcome> {
  const postgres = await startPostgres();
  process.env.CHROMIUM_PATH = chromium;
  process.env.TEST_POSTGRES_URL = postgres.url;
  const jest = step('tests', `jest --config config/jest.config.cjs --json --outputFile ${REPORT}`);
  try {
    return await runVerbosely({ ...jest, args: [...jest.args, ...process.argv.slice(2)] });
  } finally {
    await postgres.stop();
  }
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}

function report({ name, ok, seconds }: Outcome): void {
  console.log(`${ok ? '✓' : '✗'} ${name.padEnd(14)}${seconds.toFixed(1).padStart(7)} s`);
}

async function main(): Promise<void> {
  const started = performance.now();
  rmSync(ARTIFACTS, { recursive: true, force: true });
  mkdirSync(ARTIFACTS);
  const chromium = ensureChromium();
  ensurePostgres();
  const outcomes = await runTwoAtATime([...checks, ...builds]);
  outcomes.push(await runTests(chromium));

  const failed = outcomes.filter((outcome) => !outcome.ok).map((outcome) => outcome.name);
  const verdict = failed.length === 0 ? 'All good' : `FAILED: ${failed.join(', ')}`;
  console.log(`\n${verdict} (${secondsSince(started).toFixed(0)} s)`);
  if (failed.length > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
