import { fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Finding } from '../checker';
import type { BatchResult } from '../simulated/batch';
import { runBatch } from '../simulated/batch';
import type { SharedSqlite } from '../simulated/gated-store';
import { openSharedSqlite } from '../simulated/gated-store';
import type { SourceCopy } from './copy';
import { copySources, plant } from './copy';

/** How a planted bug fared. */
export interface Hunt {
  bug: string;
  /** What the patch says of itself. */
  title: string;
  /** The schedule that found it; undefined where none did. */
  seed: number | undefined;
  schedules: number;
  ms: number;
  findings: Finding[];
}

export interface HuntOptions {
  /** The project's folder. */
  root: string;
  /** Begins with the seed that caught a bug when its patch was written; else with the first. */
  useHints: boolean;
  /** After so many schedules a bug counts as not caught. */
  most: number;
  /** How many bugs are hunted at the same time. */
  jobs: number;
  onHunt?: (hunt: Hunt) => void;
}

const FIRST_SEED = 1;

/** The patches beside this file: each plants one bug. */
export function listBugs(): string[] {
  return readdirSync(__dirname)
    .filter((name) => name.endsWith('.patch'))
    .sort()
    .map((name) => join(__dirname, name));
}

/**
 * Plants each bug in a copy of the sources and runs simulated schedules there until one catches it. What
 * the sources themselves fail in catches nothing.
 * @throws Error if a patch does not apply any more
 */
export async function huntBugs(bugs: readonly string[], options: HuntOptions): Promise<Hunt[]> {
  const sqlite = await openSharedSqlite();
  const waiting = [...bugs];
  const hunts: Hunt[] = [];

  async function work(): Promise<void> {
    for (let bug = waiting.shift(); bug !== undefined; bug = waiting.shift()) {
      const hunt = await huntBug(bug, sqlite, options);
      hunts.push(hunt);
      options.onHunt?.(hunt);
    }
  }

  try {
    await Promise.all(Array.from({ length: options.jobs }, work));
  } finally {
    sqlite.close();
  }
  return hunts.sort((a, b) => (a.bug < b.bug ? -1 : 1));
}

/** What stands above the patch: what the bug is, and the seed that caught it first. */
function readHead(bug: string): { title: string; hint: number } {
  const [title = '', hint = ''] = readFileSync(bug, 'utf8').split('\n', 2);
  return { title, hint: Number(/^Seed: (\d+)$/.exec(hint)?.[1] ?? 1) };
}

async function huntBug(bug: string, sqlite: SharedSqlite, options: HuntOptions): Promise<Hunt> {
  const { root, useHints, most } = options;
  const { title, hint } = readHead(bug);
  const started = performance.now();
  const copy = copySources(root);
  try {
    plant(copy, bug);
    const hinted = useHints ? await huntFrom(copy, sqlite, { from: hint, most: 1 }) : undefined;
    const caught = hinted?.findings.length
      ? hinted
      : await huntFrom(copy, sqlite, { from: FIRST_SEED, most });
    return { bug: basename(bug, '.patch'), title, ...caught, ms: performance.now() - started };
  } finally {
    copy.remove();
  }
}

async function huntFrom(
  copy: SourceCopy,
  sqlite: SharedSqlite,
  { from, most }: { from: number; most: number },
): Promise<Pick<Hunt, 'seed' | 'schedules' | 'findings'>> {
  let schedules = 0;
  while (schedules < most) {
    const result = await huntIn(copy, from + schedules, most - schedules);
    schedules += result.schedules;
    const [failure] = result.failures;
    if (failure && (await isClean(sqlite, failure.seed))) return { ...failure, schedules };
  }
  return { seed: undefined, schedules, findings: [] };
}

/** One schedule at a time: what is simulated takes the timers of the process. */
let lastLook: Promise<unknown> = Promise.resolve();
function isClean(sqlite: SharedSqlite, seed: number): Promise<boolean> {
  const look = lastLook.then(async () => {
    const { failures } = await runBatch(sqlite, { from: seed, count: 1 });
    return failures.length === 0;
  });
  lastLook = look;
  return look;
}

function huntIn({ folder }: SourceCopy, from: number, count: number): Promise<BatchResult> {
  const file = join(folder, 'server/faults/planted/hunt.ts');
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
      reject(new Error(`the hunt in ${folder} ended with ${String(code)}`));
    });
  });
}
