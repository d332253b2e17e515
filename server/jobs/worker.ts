import type { Logger } from 'pino';
import type { Store } from '../store/sqlite';
import type { ClaimedJob } from './job-queries';
import { claimJobs, FARTHEST_MS, finishJob } from './job-queries';

const LEASE_MS = 60_000;
const AT_ONCE = 16;
const AFTER_FAULT_MS = 15_000;

/** Does what is due for a subject; returns when to look again, in ms from now, or null for never. */
export type JobHandler = (subjectId: string) => Promise<number | null>;

interface WorkerParts {
  store: Store;
  clock: () => number;
  log: Logger;
  handlers: Readonly<Record<string, JobHandler>>;
  /** How often to look for due jobs, in ms. */
  pollMs: number;
}

export interface Worker {
  /** Stops taking jobs and waits for those under way. */
  stop(): Promise<void>;
}

/** Runs due jobs, a few at once, until it is stopped. A job that throws is tried again later. */
export function startWorker({ store, clock, log, handlers, pollMs }: WorkerParts): Worker {
  const running = new Set<Promise<void>>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function run(job: ClaimedJob): Promise<void> {
    try {
      const handler = handlers[job.kind];
      if (!handler) throw new Error(`no handler for jobs of kind ${job.kind}`);
      const delay = await handler(job.subject_id);
      await finishJob(store, job, delay === null ? null : clock() + Math.min(delay, FARTHEST_MS));
    } catch (error) {
      log.error({ err: error, job: job.kind, subject: job.subject_id }, 'a job failed');
      await finishJob(store, job, clock() + AFTER_FAULT_MS);
    }
  }

  function start(job: ClaimedJob): void {
    const task = run(job)
      .catch((error: unknown) => {
        log.error({ err: error }, 'a job could not be given back; its lease will run out');
      })
      .finally(() => running.delete(task));
    running.add(task);
  }

  async function tick(): Promise<void> {
    const limit = AT_ONCE - running.size;
    if (limit > 0) {
      const jobs = await claimJobs(store, { now: clock(), limit, leaseMs: LEASE_MS });
      jobs.forEach(start);
    }
  }

  let ticking = Promise.resolve();
  function loop(): void {
    ticking = tick()
      .catch((error: unknown) => {
        log.error({ err: error }, 'due jobs could not be read');
      })
      .finally(() => {
        if (!stopped) timer = setTimeout(loop, pollMs);
      });
  }
  loop();

  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await ticking;
      clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
