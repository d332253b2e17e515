import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { migrate } from '../store/migrate';
import { openSqlite, type Store } from '../store/sqlite';
import { eventually } from '../test/harness';
import { scheduleJob } from './job-queries';
import { startWorker, type JobHandler, type Worker } from './worker';

let folder: string;
let store: Store;
let now = 0;
let workers: Worker[] = [];
let lines: string[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'liuka-worker-'));
  store = openSqlite(join(folder, 'liuka.db'));
  await migrate(store);
  now = 1_000;
  lines = [];
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
  await store.destroy();
  rmSync(folder, { recursive: true, force: true });
});

function start(handler: JobHandler): Worker {
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const handlers = { test: handler };
  const worker = startWorker({ store, clock: () => now, log, handlers, pollMs: 5 });
  workers.push(worker);
  return worker;
}

function schedule(subjectId: string, runAt = now, kind = 'test') {
  return scheduleJob(store, { kind, subjectId, runAt });
}

function dueAt(subjectId: string) {
  return store
    .selectFrom('jobs')
    .select('run_at')
    .where('subject_id', '=', subjectId)
    .where('lease_token', 'is', null)
    .executeTakeFirst();
}

function isGone(subjectId: string) {
  return async () => {
    const row = await store
      .selectFrom('jobs')
      .select('id')
      .where('subject_id', '=', subjectId)
      .executeTakeFirst();
    return row === undefined;
  };
}

test('it runs what is due, and again after the time its handler asks for', async () => {
  const ran: number[] = [];
  start(() => {
    ran.push(now);
    return Promise.resolve(ran.length < 2 ? 5_000 : null);
  });
  await schedule('a');
  await eventually('the job waits', () => dueAt('a'));
  await sleep(30);
  expect(ran).toEqual([1_000]);
  now = 6_000;
  await eventually('the job is gone', isGone('a'));
  expect(ran).toEqual([1_000, 6_000]);
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

test('a job that throws is tried again later, and says why in the log', async () => {
  let tries = 0;
  start(() => {
    tries += 1;
    return tries === 1 ? Promise.reject(new Error('the disk is full')) : Promise.resolve(null);
  });
  await schedule('a');
  const waiting = await eventually('it waits', async () => {
    const row = await dueAt('a');
    return row && row.run_at > now && row;
  });
  expect(lines.join('')).toContain('the disk is full');
  now = waiting.run_at;
  await eventually('it is done', isGone('a'));
  expect(tries).toBe(2);
});

test('one job that throws does not hold up the others', async () => {
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

test('a job of a kind nobody knows stays, and is reported', async () => {
  start(() => Promise.resolve(null));
  await schedule('a', now, 'from the future');
  await eventually('it is reported', () => lines.join('').includes('from the future'));
  expect(await isGone('a')()).toBe(false);
});

test('a slow job does not hold up quick ones, and no more than sixteen run at once', async () => {
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

test('stopping waits for what is under way and starts nothing more', async () => {
  let ended = 0;
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let begun = 0;
  const worker = start(async () => {
    begun += 1;
    await held;
    ended += 1;
    return null;
  });
  await schedule('a');
  await eventually('it has begun', () => begun === 1);
  const stopping = worker.stop();
  await schedule('b');
  await sleep(30);
  letGo();
  await stopping;
  expect([begun, ended]).toEqual([1, 1]);
  expect(await isGone('a')()).toBe(true);
  expect(await isGone('b')()).toBe(false);
});
