import { StoreUnavailable } from '../../../store/store';
import { createTestStore, type TestStore } from '../../test-stores';
import { openSharedPostgres } from './shared-postgres';
import { createPrng } from './prng';
import { createProcess, type Process } from './process';
import type { SharedStore } from './shared-store';
import { createTimeline, type Timeline } from './timeline';

let testStore: TestStore;
let shared: SharedStore;
beforeAll(async () => {
  testStore = await createTestStore('postgres');
  shared = await openSharedPostgres(testStore.databaseUrl);
});
afterAll(async () => {
  await shared.close();
  await testStore.remove();
});

let timeline: Timeline;
beforeEach(async () => {
  await shared.empty();
  const row = { id: 'one', app_id: 'app', openid: 'as it was', created_at: 1 };
  await shared.observerStore.insertInto('users').values(row).execute();
  timeline = createTimeline(0, shared.inFlight);
});

function start(name: string): Process {
  const prng = createPrng(1);
  return createProcess(
    name,
    { killAfterSteps: undefined, yieldShare: 0 },
    { timeline, prng, pauses: { draw: () => 0 }, onPause: () => undefined },
  );
}

/** Updates the row and commits after `ms`. @returns the instant of the commit, in ms */
function change(process: Process, openid: string, ms: number): Promise<number> {
  return shared
    .openFor(process)
    .transaction()
    .execute(async (tx) => {
      await tx.updateTable('users').set({ openid }).execute();
      await timeline.sleep(ms);
    })
    .then(() => timeline.now());
}

async function openid(): Promise<string> {
  const row = await shared.observerStore
    .selectFrom('users')
    .select('openid')
    .executeTakeFirstOrThrow();
  return row.openid;
}

test('a transaction waits for the lock of another in simulated time', async () => {
  const first = change(start('first'), 'first', 60_000);
  await timeline.run(1);
  const second = change(start('second'), 'second', 5_000);
  await timeline.run(30_000);
  expect(await openid()).toBe('as it was');
  await timeline.run(100_000);
  expect(await Promise.all([first, second])).toEqual([60_000, 65_000]);
  expect(await openid()).toBe('second');
});

test('the open transaction of a killed process is rolled back, which releases its locks', async () => {
  const doomed = start('doomed');
  void change(doomed, 'doomed', 60_000);
  await timeline.run(1);
  const heir = change(start('heir'), 'heir', 0);
  timeline.at(10_000, doomed.kill);
  await timeline.run(100_000);
  expect(await heir).toBe(10_000);
  expect(await openid()).toBe('heir');
});

test('a process that is killed while its statement waits for a lock changes nothing', async () => {
  const first = change(start('first'), 'first', 60_000);
  await timeline.run(1);
  const doomed = start('doomed');
  void change(doomed, 'doomed', 0);
  timeline.at(10_000, doomed.kill);
  await timeline.run(100_000);
  expect(await first).toBe(60_000);
  expect(await openid()).toBe('first');
});

test('a deadlock is reported to one of the transactions, which can retry', async () => {
  const other = { id: 'two', app_id: 'app', openid: 'another', created_at: 1 };
  await shared.observerStore.insertInto('users').values(other).execute();
  const cross = (process: Process, ids: [string, string]) =>
    shared
      .openFor(process)
      .transaction()
      .execute(async (tx) => {
        for (const id of ids) {
          await tx.updateTable('users').set({ created_at: 2 }).where('id', '=', id).execute();
          await timeline.sleep(1_000);
        }
      });
  const crossing = [
    cross(start('there'), ['one', 'two']),
    cross(start('back'), ['two', 'one']),
  ].map((work) => work.then(() => 'done').catch((error: unknown) => error));
  await timeline.run(10_000);
  expect(await Promise.all(crossing)).toEqual(
    expect.arrayContaining(['done', expect.any(StoreUnavailable)]),
  );
});

test('a schedule leaves nothing to the next one', async () => {
  const before = start('before');
  void change(before, 'before', 60_000);
  await timeline.run(1);
  await shared.empty();
  await timeline.run(100_000);
  expect(await shared.observerStore.selectFrom('users').selectAll().execute()).toEqual([]);
});
