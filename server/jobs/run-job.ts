import type { Logger } from 'pino';
import type { Store } from '../store/store';
import { StoreUnavailable } from '../store/store';
import type { ClaimedJob } from './job-queries';
import { extendLease, failJob, finishJob, MAX_SCHEDULE_AHEAD_MS, releaseJob } from './job-queries';

const FIRST_BACKOFF_MS = 15_000;
/** From this failed attempt in a row on, a person is called. */
const STUCK_AFTER_ATTEMPTS = 5;

/** Runs the job of a subject; returns when it is due again, in ms from now, or null for never. */
export type JobHandler = (subjectId: string) => Promise<number | null>;

/** A job that keeps failing. */
export type StuckJob = Pick<ClaimedJob, 'kind' | 'subject_id' | 'attempts'>;

export interface JobContext {
  store: Store;
  /** Epoch ms. */
  clock: () => number;
  log: Logger;
  /** By kind of job. */
  handlers: Readonly<Record<string, JobHandler>>;
  /** Called at the fifth failure in a row and at each one after it. */
  onStuck?: (job: StuckJob) => Promise<void>;
  /** How long a claimed job is leased, in ms. */
  leaseMs: number;
}

/**
 * How long a job waits after its `attempts`th failure in a row, in ms: 15 s, 30 s, 60 s and so on.
 * @internal Exported for tests.
 */
export function backoffAfter(attempts: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** (Math.max(1, attempts) - 1), MAX_SCHEDULE_AHEAD_MS);
}

/**
 * Runs a claimed job and releases its lease. A handler that throws counts as a failure, and the job is
 * retried later; if the worker has been stopped, the job is released unchanged instead.
 */
export async function runJob(
  context: JobContext,
  job: ClaimedJob,
  isStopped: () => boolean,
): Promise<void> {
  const { store, clock } = context;
  let delay: number | null;
  try {
    delay = await runHandler(context, job);
  } catch (error) {
    await (isStopped() ? releaseJob(store, job) : recordFailure(context, job, error));
    return;
  }
  // At least 1 ms: under a clock that stands still, a job due at once would be claimed again for ever.
  const runAt =
    delay === null ? null : clock() + Math.min(Math.max(delay, 1), MAX_SCHEDULE_AHEAD_MS);
  await finishJob(store, job, runAt);
}

async function runHandler(context: JobContext, job: ClaimedJob): Promise<number | null> {
  const handler = context.handlers[job.kind];
  if (!handler) throw new Error(`no handler for jobs of kind ${job.kind}`);
  const renewing = setInterval(() => void renewLease(context, job), context.leaseMs / 3);
  try {
    return await handler(job.subject_id);
  } finally {
    clearInterval(renewing);
  }
}

async function renewLease(
  { store, clock, log, leaseMs }: JobContext,
  job: ClaimedJob,
): Promise<void> {
  const name = { job: job.kind, subject: job.subject_id };
  try {
    const isHeld = await extendLease(store, job, clock() + leaseMs);
    if (!isHeld) log.warn(name, 'a job lost its lease to another worker');
  } catch (error) {
    log.warn({ err: error, ...name }, 'a lease could not be renewed');
  }
}

async function recordFailure(
  { store, clock, log, onStuck }: JobContext,
  job: ClaimedJob,
  error: unknown,
): Promise<void> {
  const name = { job: job.kind, subject: job.subject_id, attempts: job.attempts };
  const level = error instanceof StoreUnavailable ? 'warn' : 'error';
  log[level]({ err: error, ...name }, 'a job failed');
  await failJob(store, job, clock() + backoffAfter(job.attempts));
  if (job.attempts >= STUCK_AFTER_ATTEMPTS) await onStuck?.(job);
}
