import { StoreUnavailable } from '../store/store';
import type { ClaimedJob } from './job-queries';
import { claimJobs, MAX_CLOCK_SKEW_MS, releaseJob } from './job-queries';
import type { LongLeases } from './orphaned-leases';
import { endOrphanedLeases } from './orphaned-leases';
import type { JobContext } from './run-job';
import { runJob } from './run-job';

/**
 * How long a lease lasts without renewal. A running job renews its lease, because a check of an order may
 * query several platforms for up to half a minute each.
 */
const LEASE_MS = 60_000;
const MAX_CONCURRENT_JOBS = 16;
const STOP_TIMEOUT_MS = 10_000;

export type WorkerParts = Omit<JobContext, 'leaseMs'> & {
  /** How often to poll for due jobs, in ms. */
  pollMs: number;
  leaseMs?: number;
};

export interface Worker {
  /** Runs all jobs that are due now, and those that become due at once. @returns the number of runs */
  runDue(): Promise<number>;
  /** Polls for due jobs and runs a few at a time, until it is stopped. */
  start(): void;
  /**
   * Claims no more jobs and waits for those that are running. Jobs that take longer than `timeoutMs` are
   * released for other workers, and what their handlers return here is ignored.
   */
  stop(timeoutMs?: number): Promise<void>;
}

interface WorkerState extends JobContext {
  pollMs: number;
  /** When leases were last checked for orphans, epoch ms, and those that looked too long then. */
  leasesCheckedAt: number;
  longLeases: LongLeases;
  /** Jobs that are running, with a promise that resolves when they end. */
  running: Map<ClaimedJob, Promise<void>>;
  stopping: AbortController;
  /** The poll in progress. */
  polling: Promise<unknown>;
  nextPoll: NodeJS.Timeout | undefined;
}

/**
 * Makes a worker that has not started.
 * @internal Exported for tests.
 */
export function createWorker(parts: WorkerParts): Worker {
  const state: WorkerState = {
    ...parts,
    leaseMs: parts.leaseMs ?? LEASE_MS,
    leasesCheckedAt: 0,
    longLeases: new Map(),
    running: new Map(),
    stopping: new AbortController(),
    polling: Promise.resolve(),
    nextPoll: undefined,
  };
  return {
    runDue: () => runDueJobs(state),
    start: () => poll(state),
    stop: (timeoutMs = STOP_TIMEOUT_MS) => stop(state, timeoutMs),
  };
}

/** Makes a worker and starts it. */
export function startWorker(parts: WorkerParts): Worker {
  const worker = createWorker(parts);
  worker.start();
  return worker;
}

async function runDueJobs(state: WorkerState): Promise<number> {
  let runs = 0;
  for (let batch = await claim(state); batch.length > 0; batch = await claim(state)) {
    await Promise.all(batch);
    runs += batch.length;
  }
  return runs;
}

/** Claims and starts as many due jobs as may run now. */
async function claim(state: WorkerState): Promise<Promise<void>[]> {
  const { store, clock, leaseMs, running } = state;
  const limit = MAX_CONCURRENT_JOBS - running.size;
  if (isStopped(state) || limit <= 0) return [];
  await checkLeases(state);
  const now = clock();
  const jobs = await claimJobs(store, { now, limit, leaseMs });
  // After a suspension the leases may have expired already.
  const isLate = clock() - now > leaseMs / 3;
  if (!isStopped(state) && !isLate) return jobs.map((job) => startJob(state, job));
  await releaseJobs(state, jobs);
  return [];
}

/** Ends orphaned leases from time to time: less often than held leases are renewed. */
async function checkLeases(state: WorkerState): Promise<void> {
  const { store, clock, leaseMs, longLeases } = state;
  const now = clock();
  if (Math.abs(now - state.leasesCheckedAt) < leaseMs) return;
  state.leasesCheckedAt = now;
  const longest = now + leaseMs + MAX_CLOCK_SKEW_MS;
  state.longLeases = await endOrphanedLeases(store, longest, longLeases);
}

function startJob(state: WorkerState, job: ClaimedJob): Promise<void> {
  const { log, running } = state;
  const task = runJob(state, job, () => isStopped(state))
    .catch((error: unknown) => {
      log.error({ err: error }, 'a job could not be released; its lease will expire');
    })
    .finally(() => running.delete(job));
  running.set(job, task);
  return task;
}

function isStopped({ stopping }: WorkerState): boolean {
  return stopping.signal.aborted;
}

function poll(state: WorkerState): void {
  const { log, pollMs, running } = state;
  state.polling = claim(state)
    .then((started) => {
      if (started.length > 0 && running.size >= MAX_CONCURRENT_JOBS)
        void pollAfterJobs(state, started);
      else schedulePoll(state, pollMs);
    })
    .catch((error: unknown) => {
      const level = error instanceof StoreUnavailable ? 'warn' : 'error';
      log[level]({ err: error }, 'due jobs could not be read');
      schedulePoll(state, pollMs);
    });
}

function schedulePoll(state: WorkerState, delayMs: number): void {
  if (!isStopped(state)) state.nextPoll = setTimeout(() => poll(state), delayMs);
}

/**
 * When as many jobs run as may, more may be due before the next poll. So the next poll follows their end,
 * after a pause as long as the jobs took, which leaves time to serve requests.
 */
async function pollAfterJobs(state: WorkerState, started: readonly Promise<void>[]): Promise<void> {
  const startedAt = performance.now();
  await Promise.all(started);
  schedulePoll(state, Math.min(state.pollMs, performance.now() - startedAt));
}

async function stop(state: WorkerState, timeoutMs: number): Promise<void> {
  const { running, stopping } = state;
  stopping.abort();
  clearTimeout(state.nextPoll);
  await state.polling;
  await waitAtMost(timeoutMs, [...running.values()]);
  await releaseJobs(state, [...running.keys()]);
}

async function releaseJobs(
  { store, log }: WorkerState,
  jobs: readonly ClaimedJob[],
): Promise<void> {
  await Promise.all(jobs.map((job) => releaseJob(store, job))).catch((error: unknown) => {
    log.warn({ err: error }, 'leases could not be released; they will expire');
  });
}

async function waitAtMost(timeoutMs: number, tasks: readonly Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([Promise.all(tasks), timeout]);
  clearTimeout(timer);
}
