import type { Logger } from 'pino';
import type { Store } from '../store/store';
import { StoreUnavailable } from '../store/store';
import type { ClaimedJob } from './job-queries';
import {
  claimJobs,
  extendLease,
  failJob,
  MAX_SCHEDULE_AHEAD_MS,
  finishJob,
  releaseJob,
} from './job-queries';

/**
 * How long a lease lasts beyond the last sign of life. One look at an order may ask several platforms for
 * up to half a minute each, which is longer: a running job renews its lease.
 */
const LEASE_MS = 60_000;
const MAX_CONCURRENT_JOBS = 16;
const FIRST_BACKOFF_MS = 15_000;
/** From this attempt in a row on, somebody should know. */
const STUCK_AFTER_ATTEMPTS = 5;
const STOP_TIMEOUT_MS = 10_000;

/** Does what is due for a subject; returns when to look again, in ms from now, or null for never. */
export type JobHandler = (subjectId: string) => Promise<number | null>;

/** A job that keeps failing. */
export type StuckJob = Pick<ClaimedJob, 'kind' | 'subject_id' | 'attempts'>;

export interface WorkerParts {
  store: Store;
  /** Epoch milliseconds. */
  clock: () => number;
  log: Logger;
  handlers: Readonly<Record<string, JobHandler>>;
  /** How often to look for due jobs, in ms. */
  pollMs: number;
  /** Called at the fifth failure in a row and at every one after it. */
  onStuck?: (job: StuckJob) => Promise<void>;
  leaseMs?: number;
}

export interface Worker {
  /** Runs everything that is due now, and what that makes due at once. @returns how many runs that were */
  runDue(): Promise<number>;
  /** Runs due jobs, a few at once, until it is stopped. */
  start(): void;
  /**
   * Takes no more jobs and waits for those under way; those that take longer than the patience (ms) are
   * given back for others to take up, and what becomes of them here no longer counts.
   */
  stop(timeoutMs?: number): Promise<void>;
}

/** How long a job rests after its `attempts`th failure in a row: 15 s, 30 s, 60 s and so on. */
export function backoffAfter(attempts: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** (Math.max(1, attempts) - 1), MAX_SCHEDULE_AHEAD_MS);
}

/** Makes a worker that has not started. A job that throws is tried again later. */
export function createWorker(parts: WorkerParts): Worker {
  const { store, clock, log, pollMs, leaseMs = LEASE_MS } = parts;
  const runJob = createRunner({ ...parts, leaseMs });
  const running = new Map<ClaimedJob, Promise<void>>();
  const stopping = new AbortController();
  const isStopped = () => stopping.signal.aborted;
  let polling: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  async function claim(): Promise<Promise<void>[]> {
    const limit = MAX_CONCURRENT_JOBS - running.size;
    if (isStopped() || limit <= 0) return [];
    const jobs = await claimJobs(store, { now: clock(), limit, leaseMs });
    if (!isStopped()) return jobs.map(startJob);
    await releaseJobs(jobs);
    return [];
  }

  function startJob(job: ClaimedJob): Promise<void> {
    const task = runJob(job, isStopped)
      .catch((error: unknown) => {
        log.error({ err: error }, 'a job could not be given back; its lease will run out');
      })
      .finally(() => running.delete(job));
    running.set(job, task);
    return task;
  }

  async function runDue(): Promise<number> {
    let runs = 0;
    for (let batch = await claim(); batch.length > 0; batch = await claim()) {
      await Promise.all(batch);
      runs += batch.length;
    }
    return runs;
  }

  function schedulePoll(ms: number): void {
    if (!isStopped()) timer = setTimeout(poll, ms);
  }

  /**
   * Where all places are taken there may be more to do than waits for the next look. It is looked for
   * after a rest as long as the work, so that whoever asks something meanwhile is answered.
   */
  async function pollAfterJobs(started: readonly Promise<void>[]): Promise<void> {
    const startedAt = performance.now();
    await Promise.all(started);
    schedulePoll(Math.min(pollMs, performance.now() - startedAt));
  }

  function poll(): void {
    polling = claim()
      .then((started) => {
        if (started.length > 0 && running.size >= MAX_CONCURRENT_JOBS) void pollAfterJobs(started);
        else schedulePoll(pollMs);
      })
      .catch((error: unknown) => {
        const level = error instanceof StoreUnavailable ? 'warn' : 'error';
        log[level]({ err: error }, 'due jobs could not be read');
        schedulePoll(pollMs);
      });
  }

  async function stop(timeoutMs = STOP_TIMEOUT_MS): Promise<void> {
    stopping.abort();
    clearTimeout(timer);
    await polling;
    await waitAtMost(timeoutMs, [...running.values()]);
    await releaseJobs([...running.keys()]);
  }

  async function releaseJobs(jobs: readonly ClaimedJob[]): Promise<void> {
    await Promise.all(jobs.map((job) => releaseJob(store, job))).catch((error: unknown) => {
      log.warn({ err: error }, 'leases could not be given back; they will run out');
    });
  }

  return { runDue, start: poll, stop };
}

/** Makes a worker and starts it. */
export function startWorker(parts: WorkerParts): Worker {
  const worker = createWorker(parts);
  worker.start();
  return worker;
}

/** Runs one claimed job to its end and gives it back. */
function createRunner({
  store,
  clock,
  log,
  handlers,
  onStuck,
  leaseMs,
}: WorkerParts & { leaseMs: number }) {
  async function runHandler(job: ClaimedJob): Promise<number | null> {
    const handler = handlers[job.kind];
    if (!handler) throw new Error(`no handler for jobs of kind ${job.kind}`);
    const renewing = setInterval(() => void renewLease(job), leaseMs / 3);
    try {
      return await handler(job.subject_id);
    } finally {
      clearInterval(renewing);
    }
  }

  async function renewLease(job: ClaimedJob): Promise<void> {
    const name = { job: job.kind, subject: job.subject_id };
    try {
      const isHeld = await extendLease(store, job, clock() + leaseMs);
      if (!isHeld) log.warn(name, 'a job took so long that another worker has it');
    } catch (error) {
      log.warn({ err: error, ...name }, 'a lease could not be renewed');
    }
  }

  async function recordFailure(job: ClaimedJob, error: unknown): Promise<void> {
    const name = { job: job.kind, subject: job.subject_id, attempts: job.attempts };
    const level = error instanceof StoreUnavailable ? 'warn' : 'error';
    log[level]({ err: error, ...name }, 'a job failed');
    await failJob(store, job, clock() + backoffAfter(job.attempts));
    if (job.attempts >= STUCK_AFTER_ATTEMPTS) await onStuck?.(job);
  }

  return async function run(job: ClaimedJob, isStopped: () => boolean): Promise<void> {
    let delay: number | null;
    try {
      delay = await runHandler(job);
    } catch (error) {
      // What a stop breaks off did not fail: the next process takes it up where it is.
      await (isStopped() ? releaseJob(store, job) : recordFailure(job, error));
      return;
    }
    // Never due at the very moment it ended, or it would be due for ever to a clock that stands still.
    const runAt =
      delay === null ? null : clock() + Math.min(Math.max(delay, 1), MAX_SCHEDULE_AHEAD_MS);
    await finishJob(store, job, runAt);
  };
}

async function waitAtMost(timeoutMs: number, tasks: readonly Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([Promise.all(tasks), timeout]);
  clearTimeout(timer);
}
