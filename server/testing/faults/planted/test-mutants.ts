import { fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Finding } from '../checker';
import { type BatchResult, runBatch } from '../simulated/batch';
import { openSharedSqlite, type SharedSqlite } from '../simulated/shared-sqlite';
import { applyMutation, copySources, type SourceCopy } from './source-copy';

/** The result of the search for one planted bug. */
export interface MutantResult {
  mutant: string;
  /** The first line of the patch. */
  title: string;
  /** The seed of the schedule that caught it; undefined if none did. */
  seed: number | undefined;
  schedules: number;
  ms: number;
  findings: Finding[];
}

export interface MutationTestOptions {
  /** The project's folder. */
  root: string;
  /** Tries the seed in the patch first. */
  useSeedHints: boolean;
  /** After how many schedules a bug counts as not caught. */
  maxSchedules: number;
  /** How many patches are tested in parallel. */
  jobs: number;
  onResult?: (result: MutantResult) => void;
}

const FIRST_SEED = 1;

/** The paths of the patches beside this file; each plants one bug. */
export function listMutants(): string[] {
  return readdirSync(__dirname)
    .filter((name) => name.endsWith('.patch'))
    .sort()
    .map((name) => join(__dirname, name));
}

/**
 * Mutation test of the checker: applies each patch to a copy of the sources and runs simulated schedules
 * there until one has findings. A schedule only counts if it passes on the unmodified sources.
 * @throws Error if a patch no longer applies
 */
export async function testMutants(
  mutants: readonly string[],
  options: MutationTestOptions,
): Promise<MutantResult[]> {
  const sqlite = await openSharedSqlite();
  const waiting = [...mutants];
  const results: MutantResult[] = [];

  async function work(): Promise<void> {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const result = await testMutant(mutant, sqlite, options);
      results.push(result);
      options.onResult?.(result);
    }
  }

  try {
    await Promise.all(Array.from({ length: options.jobs }, work));
  } finally {
    sqlite.close();
  }
  return results.sort((a, b) => (a.mutant < b.mutant ? -1 : 1));
}

/** Reads the lines above the patch: the title of the bug, and `Seed: <n>` of a schedule that catches it. */
function readHeader(mutant: string): { title: string; seedHint: number } {
  const [title = '', seedHint = ''] = readFileSync(mutant, 'utf8').split('\n', 2);
  return { title, seedHint: Number(/^Seed: (\d+)$/.exec(seedHint)?.[1] ?? 1) };
}

async function testMutant(
  mutant: string,
  sqlite: SharedSqlite,
  options: MutationTestOptions,
): Promise<MutantResult> {
  const { root, useSeedHints, maxSchedules } = options;
  const { title, seedHint } = readHeader(mutant);
  const started = performance.now();
  const copy = copySources(root);
  try {
    applyMutation(copy, mutant);
    const hintedResult = useSeedHints
      ? await searchSchedules(copy, sqlite, { from: seedHint, maxSchedules: 1 })
      : undefined;
    const caught = hintedResult?.findings.length
      ? hintedResult
      : await searchSchedules(copy, sqlite, { from: FIRST_SEED, maxSchedules });
    return {
      mutant: basename(mutant, '.patch'),
      title,
      ...caught,
      ms: performance.now() - started,
    };
  } finally {
    copy.remove();
  }
}

async function searchSchedules(
  copy: SourceCopy,
  sqlite: SharedSqlite,
  { from, maxSchedules }: { from: number; maxSchedules: number },
): Promise<Pick<MutantResult, 'seed' | 'schedules' | 'findings'>> {
  let schedules = 0;
  while (schedules < maxSchedules) {
    const result = await runInCopy(copy, from + schedules, maxSchedules - schedules);
    schedules += result.schedules;
    const [failure] = result.failures;
    if (failure && (await passesUnmodified(sqlite, failure.seed))) return { ...failure, schedules };
  }
  return { seed: undefined, schedules, findings: [] };
}

/** Schedules replace the timers of this process, so they run one at a time. */
let lastCheck: Promise<unknown> = Promise.resolve();
function passesUnmodified(sqlite: SharedSqlite, seed: number): Promise<boolean> {
  const check = lastCheck.then(async () => {
    const { failures } = await runBatch(sqlite, { from: seed, count: 1 });
    return failures.length === 0;
  });
  lastCheck = check;
  return check;
}

function runInCopy({ folder }: SourceCopy, from: number, count: number): Promise<BatchResult> {
  const file = join(folder, 'server/testing/faults/planted/run-until-found.ts');
  const child = fork(file, [String(from), String(count)], {
    cwd: folder,
    execArgv: ['--import', 'tsx'],
  });
  return new Promise((resolve, reject) => {
    child.on('message', (result: BatchResult) => {
      resolve(result);
      child.disconnect();
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      reject(new Error(`the schedules in ${folder} exited with ${String(code)}`));
    });
  });
}
