import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { startPostgres, type TemporaryPostgres } from '../../config/postgres';
import { scheduleJob } from '../jobs/job-queries';
import { createWorker, type Worker } from '../jobs/worker';
import { eventually } from '../testing/eventually';
import { databaseAt, runSql } from '../testing/postgres';
import { newId } from './ids';
import { openStore, type OpenStore } from './open-store';
import { StoreUnavailable, type Store } from './store';

/** Outages of a real PostgreSQL: a server for this file only. */

let postgres: TemporaryPostgres;
let url: string;
let opened: OpenStore;
let store: Store;
beforeAll(async () => {
  postgres = await startPostgres();
  await runSql(postgres.url, 'create database outage');
  url = databaseAt(postgres.url, 'outage');
  opened = await openStore(url, { warn: () => undefined });
  store = opened.store;
});
afterAll(async () => {
  await opened.close();
  await postgres.stop();
});

function addUser(writer: Store, openid: string) {
  const row = { id: newId(), app_id: 'wx', openid, created_at: 1 };
  return writer.insertInto('users').values(row).execute();
}

async function isThere(openid: string): Promise<boolean> {
  const rows = await store.selectFrom('users').select('id').where('openid', '=', openid).execute();
  return rows.length > 0;
}

/** Fills the pool, so that the next statements use connections from before the outage. */
function warmUp() {
  return Promise.all(Array.from({ length: 10 }, () => isThere('unknown')));
}

describe('after a restart of PostgreSQL', () => {
  test('reads and new transactions succeed', async () => {
    await warmUp();
    await postgres.restart();
    const reads = await Promise.all(Array.from({ length: 10 }, () => isThere('unknown')));
    expect(reads).not.toContain(true);
    await postgres.restart();
    await store.transaction().execute((tx) => addUser(tx, 'in a transaction'));
    expect(await isThere('in a transaction')).toBe(true);
  });

  test('reads wait for a server that is starting', async () => {
    await postgres.kill();
    const reading = isThere('unknown');
    await sleep(300);
    await postgres.restart();
    expect(await reading).toBe(false);
  });

  test('an open transaction fails and is rolled back', async () => {
    const broken = store.transaction().execute(async (tx) => {
      await addUser(tx, 'half');
      await postgres.restart();
      await addUser(tx, 'whole');
    });
    await expect(broken).rejects.toThrow(StoreUnavailable);
    expect([await isThere('half'), await isThere('whole')]).toEqual([false, false]);
  });

  test('a transaction that is idle during the restart fails at its end', async () => {
    const broken = store.transaction().execute(async (tx) => {
      await addUser(tx, 'not committed');
      await postgres.restart();
      await sleep(50);
    });
    await expect(broken).rejects.toThrow(StoreUnavailable);
    expect(await isThere('not committed')).toBe(false);
  });
});

test('while PostgreSQL is down, statements are unavailable, and the process survives', async () => {
  await postgres.kill();
  await expect(isThere('unknown')).rejects.toThrow(StoreUnavailable);
  await expect(addUser(store, 'never')).rejects.toThrow(StoreUnavailable);
  await postgres.restart();
  expect(await isThere('never')).toBe(false);
});

test('the victim of a deadlock is told to retry', async () => {
  await addUser(store, 'left');
  await addUser(store, 'right');
  let waiting = 0;
  const both = async () => {
    waiting += 1;
    await eventually('both have begun', () => waiting >= 2);
  };
  const cross = (first: string, second: string) =>
    store.transaction().execute(async (tx) => {
      const touch = (openid: string) =>
        tx.updateTable('users').set({ created_at: 2 }).where('openid', '=', openid).execute();
      await touch(first);
      await both();
      await touch(second);
    });
  const results = await Promise.allSettled([cross('left', 'right'), cross('right', 'left')]);
  const failed = results.flatMap((result) =>
    result.status === 'rejected' ? [String(result.reason)] : [],
  );
  expect(failed).toEqual([expect.stringMatching(/^StoreUnavailable: .*40P01/)]);
});

/** Writes until stopped; records the acknowledged writes and the errors. */
function startWriters(count: number) {
  const acknowledged: string[] = [];
  const failures: unknown[] = [];
  let isRunning = true;

  async function write(writer: number): Promise<void> {
    for (let number = 0; isRunning; number += 1) {
      const openid = `writer ${String(writer)} row ${String(number)}`;
      try {
        await store.transaction().execute(async (tx) => {
          await addUser(tx, openid);
          await scheduleJob(tx, { kind: 'test', subjectId: openid, runAt: 0 });
        });
        acknowledged.push(openid);
      } catch (error) {
        failures.push(error);
        await sleep(5);
      }
    }
  }

  const writers = Array.from({ length: count }, (_, writer) => write(writer));
  return {
    acknowledged,
    failures,
    stop: async () => {
      isRunning = false;
      await Promise.all(writers);
    },
  };
}

/** A worker whose clock runs 180 times as fast, so that leases expire during the test. */
function startQuickWorker(run: (subject: string) => void): Worker {
  const start = Date.now();
  const worker = createWorker({
    store,
    clock: () => (Date.now() - start) * 180,
    log: pino({ level: 'silent' }),
    handlers: {
      test: (subject) => {
        run(subject);
        return Promise.resolve(null);
      },
    },
    pollMs: 10,
  });
  worker.start();
  return worker;
}

async function jobsLeft(): Promise<number> {
  const { count } = await store
    .selectFrom('jobs')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

describe('under load', () => {
  const done = new Set<string>();
  let workers: Worker[];
  let writers: ReturnType<typeof startWriters>;
  beforeAll(() => {
    workers = [1, 2].map(() => startQuickWorker((subject) => done.add(subject)));
    writers = startWriters(6);
  });
  afterAll(async () => {
    await writers.stop();
    await Promise.all(workers.map((worker) => worker.stop()));
  });

  async function waitForWrites(): Promise<void> {
    const before = writers.acknowledged.length;
    await eventually('writing goes on', () => writers.acknowledged.length > before + 20);
  }

  test('restarts and crashes lose no acknowledged write, and every job runs', async () => {
    for (const end of ['restart', 'kill', 'restart', 'kill'] as const) {
      await waitForWrites();
      if (end === 'kill') await postgres.kill();
      await postgres.restart();
    }
    await waitForWrites();
    await writers.stop();

    const kept = await store.selectFrom('users').select('openid').execute();
    const stored = new Set(kept.map(({ openid }) => openid));
    expect(writers.acknowledged.filter((openid) => !stored.has(openid))).toEqual([]);
    expect(writers.failures.filter((error) => !(error instanceof StoreUnavailable))).toEqual([]);
    expect(writers.failures.length).toBeGreaterThan(0);
    await eventually('no job is left', async () => (await jobsLeft()) === 0, 15_000);
    expect(writers.acknowledged.filter((openid) => !done.has(openid))).toEqual([]);
  });
});
