import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { eventually } from '../testing/eventually';
import { dialects, openTestStore } from '../testing/test-stores';
import { scheduleJob } from './job-queries';
import { backoffAfter, type JobHandler } from './run-job';
import { createWorker, type Worker, type WorkerParts } from './worker';

describe.each(dialects)('a worker (%s)', (dialect) => {
  const store = openTestStore(dialect);
  let now = 0;
  let workers: Worker[] = [];
  let logLines: string[] = [];
  beforeEach(async () => {
    await store.deleteFrom('jobs').execute();
    now = 1_000;
    logLines = [];
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    workers = [];
  });

  function create(handler: JobHandler, parts: Partial<WorkerParts> = {}): Worker {
    const log = pino({}, { write: (line: string) => void logLines.push(line) });
    const handlers = { test: handler };
    const worker = createWorker({ store, clock: () => now, log, handlers, pollMs: 5, ...parts });
    workers.push(worker);
    return worker;
  }

  function start(handler: JobHandler, parts: Partial<WorkerParts> = {}): Worker {
    const worker = create(handler, parts);
    worker.start();
    return worker;
  }

  function schedule(subjectId: string, runAt = now, kind = 'test') {
    return scheduleJob(store, { kind, subjectId, runAt });
  }

  function findWaitingJob(subjectId: string) {
    return store
      .selectFrom('jobs')
      .select('run_at')
      .where('subject_id', '=', subjectId)
      .where('lease_token', 'is', null)
      .executeTakeFirst();
  }

  function isDeleted(subjectId: string) {
    return async () => {
      const row = await store
        .selectFrom('jobs')
        .select('id')
        .where('subject_id', '=', subjectId)
        .executeTakeFirst();
      return row === undefined;
    };
  }

  test('it runs a due job, and runs it again after the delay that the handler returns', async () => {
    const ran: number[] = [];
    start(() => {
      ran.push(now);
      return Promise.resolve(ran.length < 2 ? 5_000 : null);
    });
    await schedule('a');
    await eventually('the job waits', () => findWaitingJob('a'));
    await sleep(30);
    expect(ran).toEqual([1_000]);
    now = 6_000;
    await eventually('the job is gone', isDeleted('a'));
    expect(ran).toEqual([1_000, 6_000]);
  });

  test('more due jobs than it runs at once do not wait for the next poll', async () => {
    for (let count = 0; count < 60; count += 1) await schedule(`job ${count}`);
    start(() => Promise.resolve(null), { pollMs: 60_000 });
    await eventually('all are done', async () => {
      return (await store.selectFrom('jobs').select('id').execute()).length === 0;
    });
  });

  test('two workers on one store never run the same job', async () => {
    const runs = new Map<string, number>();
    const handler: JobHandler = async (subject) => {
      runs.set(subject, (runs.get(subject) ?? 0) + 1);
      await sleep(3);
      return null;
    };
    for (let count = 0; count < 60; count += 1) await schedule(`job ${count}`);
    start(handler);
    start(handler);
    await eventually('all are done', async () => {
      return (await store.selectFrom('jobs').select('id').execute()).length === 0;
    });
    expect(runs.size).toBe(60);
    expect(new Set(runs.values())).toEqual(new Set([1]));
  });

  test('a job that throws is retried later, and the error is logged', async () => {
    let tries = 0;
    start(() => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('the disk is full')) : Promise.resolve(null);
    });
    await schedule('a');
    const waiting = await eventually('it waits', async () => {
      const row = await findWaitingJob('a');
      return row && row.run_at > now && row;
    });
    expect(logLines.join('')).toContain('the disk is full');
    now = waiting.run_at;
    await eventually('it is done', isDeleted('a'));
    expect(tries).toBe(2);
  });

  test('a job that throws does not delay the others', async () => {
    const done: string[] = [];
    start((subject) => {
      if (subject === 'bad') return Promise.reject(new Error('no'));
      done.push(subject);
      return Promise.resolve(null);
    });
    await schedule('bad');
    await schedule('good');
    await eventually('the good one is done', () => done.includes('good'));
  });

  test('a job of an unknown kind stays and is logged', async () => {
    start(() => Promise.resolve(null));
    await schedule('a', now, 'from the future');
    await eventually('it is logged', () => logLines.join('').includes('from the future'));
    expect(await isDeleted('a')()).toBe(false);
  });

  test('a slow job does not delay quick ones, and at most sixteen run at once', async () => {
    let running = 0;
    let most = 0;
    start(async () => {
      running += 1;
      most = Math.max(most, running);
      await sleep(40);
      running -= 1;
      return null;
    });
    for (let count = 0; count < 40; count += 1) await schedule(`job ${count}`);
    await eventually('all are done', async () => {
      return (await store.selectFrom('jobs').select('id').execute()).length === 0;
    });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(16);
  });

  test('stopping waits for running jobs and starts no others', async () => {
    let ended = 0;
    let release: () => void = () => undefined;
    const blocked = new Promise<void>((resolve) => (release = resolve));
    let begun = 0;
    const worker = start(async () => {
      begun += 1;
      await blocked;
      ended += 1;
      return null;
    });
    await schedule('a');
    await eventually('it has begun', () => begun === 1);
    const stopping = worker.stop();
    await schedule('b');
    await sleep(30);
    release();
    await stopping;
    expect([begun, ended]).toEqual([1, 1]);
    expect(await isDeleted('a')()).toBe(true);
    expect(await isDeleted('b')()).toBe(false);
  });

  describe('run by `runDue`', () => {
    test('runs due jobs and those that become due by them, and returns the number of runs', async () => {
      const ran: string[] = [];
      const worker = create(async (subject) => {
        ran.push(subject);
        if (subject === 'a') await schedule('after a');
        return null;
      });
      await schedule('a');
      await schedule('b');
      await schedule('not yet', now + 1);
      expect(await worker.runDue()).toBe(3);
      expect(ran.sort()).toEqual(['a', 'after a', 'b']);
      expect(await worker.runDue()).toBe(0);
    });

    test('runs more jobs than it runs at once', async () => {
      const worker = create(() => Promise.resolve(null));
      for (let count = 0; count < 40; count += 1) await schedule(`job ${String(count)}`);
      expect(await worker.runDue()).toBe(40);
    });

    test('runs a job that returns a delay of 0 only once in an instant', async () => {
      const worker = create(() => Promise.resolve(0));
      await schedule('a');
      expect(await worker.runDue()).toBe(1);
      now += 1;
      expect(await worker.runDue()).toBe(1);
    });
  });

  describe('a job that keeps failing', () => {
    test('waits longer each time, and is reported from the fifth failure on', async () => {
      const stuck: number[] = [];
      const pauses: number[] = [];
      const worker = create(() => Promise.reject(new Error('no')), {
        onStuck: ({ attempts }) => {
          stuck.push(attempts);
          return Promise.resolve();
        },
      });
      await schedule('a');
      for (let attempt = 1; attempt <= 8; attempt += 1) {
        expect(await worker.runDue()).toBe(1);
        const next = await findWaitingJob('a');
        pauses.push(next!.run_at - now);
        now = next!.run_at;
      }
      const seconds = [15, 30, 60, 120, 240, 480, 900, 900];
      expect(pauses).toEqual(seconds.map((count) => count * 1_000));
      expect(stuck).toEqual([5, 6, 7, 8]);
    });

    test('starts over after a success', async () => {
      let fails = true;
      const worker = create(() =>
        fails ? Promise.reject(new Error('no')) : Promise.resolve(1_000),
      );
      await schedule('a');
      await worker.runDue();
      now += backoffAfter(1);
      fails = false;
      await worker.runDue();
      now += 1_000;
      fails = true;
      await worker.runDue();
      expect((await findWaitingJob('a'))!.run_at - now).toBe(backoffAfter(1));
    });
  });

  test('a job that runs longer than its lease keeps it', async () => {
    let runs = 0;
    const started = Date.now();
    const clock = () => Date.now() - started;
    const slow: JobHandler = async () => {
      runs += 1;
      await sleep(2_500);
      return null;
    };
    await schedule('slow', 0);
    start(slow, { clock, leaseMs: 1_000 });
    start(slow, { clock, leaseMs: 1_000 });
    await eventually('it is done', isDeleted('slow'));
    expect(runs).toBe(1);
  });

  test('a worker that was suspended after it had read its clock neither takes a held job nor runs a free one', async () => {
    const HALF_AN_HOUR = 30 * 60_000;
    now = 10 * HALF_AN_HOUR;
    const runs: string[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<null>((resolve) => (release = () => resolve(null)));
    const holder = create(() => held);
    await schedule('held');
    const holding = holder.runDue();
    await eventually('it is running', async () => (await findWaitingJob('held')) === undefined);
    await schedule('free', 0);
    let reads = 0;
    // The clock is read for the check of leases, then for the claim, then after it.
    const clock = () => ((reads += 1) <= 2 ? now - HALF_AN_HOUR : now);
    const suspended = create(
      (subjectId) => {
        runs.push(subjectId);
        return Promise.resolve(null);
      },
      { clock },
    );
    expect(await suspended.runDue()).toBe(0);
    expect(runs).toEqual([]);
    expect(await findWaitingJob('free')).toEqual({ run_at: 0 });
    expect(await suspended.runDue()).toBe(1);
    expect(runs).toEqual(['free']);
    release();
    expect(await holding).toBe(1);
  });

  describe('stopping', () => {
    test('releases jobs that take longer than the timeout, and ignores what they return', async () => {
      let release: () => void = () => undefined;
      const blocked = new Promise<null>((resolve) => (release = () => resolve(null)));
      const hanging = start(() => blocked);
      await schedule('a');
      await eventually('it is running', async () => (await findWaitingJob('a')) === undefined);
      await hanging.stop(20);
      expect(await findWaitingJob('a')).toEqual({ run_at: 1_000 });
      release();
      await sleep(20);
      expect(await isDeleted('a')()).toBe(false);
      expect(await create(() => Promise.resolve(null)).runDue()).toBe(1);
    });

    test('does not count as a failure of the jobs it interrupts', async () => {
      let failJob: (error: Error) => void = () => undefined;
      const failing = new Promise<null>((_, reject) => (failJob = reject));
      const worker = start(() => failing);
      await schedule('a');
      await eventually('it is running', async () => (await findWaitingJob('a')) === undefined);
      const stopping = worker.stop();
      failJob(new Error('the platform was closed'));
      await stopping;
      const row = await store.selectFrom('jobs').select(['run_at', 'attempts']).executeTakeFirst();
      expect(row).toEqual({ run_at: 1_000, attempts: 0 });
    });
  });
});
