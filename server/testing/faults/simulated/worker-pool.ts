import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { addResult, type BatchResult, emptyResult } from './batch';
import type { StoreSource } from './store-source';

/** How many schedules a process gets at a time. */
const CHUNK = 25;

export interface WorkerPoolOptions {
  seed: number;
  schedules: number;
  /** How many processes run them. */
  jobs: number;
  storeSource: StoreSource;
  /** Called after every chunk with the number of finished schedules. */
  onProgress: (done: number) => void;
}

/**
 * Runs schedules in several processes. The results do not depend on which process runs which schedule.
 * @throws Error if one of the processes fails
 */
export async function runInWorkers(options: WorkerPoolOptions): Promise<BatchResult> {
  const { seed, schedules, jobs, storeSource, onProgress } = options;
  const total = emptyResult();
  let handedOut = 0;

  function nextTask() {
    const count = Math.min(CHUNK, schedules - handedOut);
    const task = { from: seed + handedOut, count };
    handedOut += count;
    return task;
  }

  function serve(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      child.on('message', (message: 'ready' | BatchResult) => {
        if (message !== 'ready') {
          addResult(total, message);
          onProgress(total.schedules);
        }
        if (handedOut < schedules) child.send(nextTask());
        else child.disconnect();
      });
      child.on('error', reject);
      child.on('exit', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`a worker of the fault schedules exited with ${String(code)}`));
      });
    });
  }

  const file = join(__dirname, 'child.ts');
  const execArgv = ['--import', 'tsx'];
  const children: ChildProcess[] = [];
  try {
    for (let job = 0; job < jobs; job += 1) {
      const env = { ...process.env, SIMULATED_STORE: await storeSource.newStore() };
      children.push(fork(file, { execArgv, env }));
    }
    await Promise.all(children.map(serve));
  } finally {
    for (const child of children) child.kill();
  }
  total.failures.sort((a, b) => a.seed - b.seed);
  return total;
}
