import { createTestDatabase, type TestDatabase } from '../../postgres';
import type { Dialect } from '../../../store/store';
import { runBatch } from './batch';
import { openShared } from './store-source';
import { createPrng } from './prng';
import type { SharedStore } from './shared-store';
import type { CounterName } from './counters';
import { createTimeline } from './timeline';

/** How many schedules: about ten seconds on each store. `npm run faults` runs more. */
const stores: [Dialect, number][] = [
  ['sqlite', 80],
  ['postgres', 30],
];

const expectedFaults: readonly CounterName[] = [
  'crash',
  'freeze',
  'lostAnswer',
  'straggler',
  'forgedNotice',
  'revokedToken',
  'clockJump',
  'busy',
  'storeDown',
  'storeSilent',
];

describe.each(stores)('on %s', (dialect, schedules) => {
  let database: TestDatabase | undefined;
  let shared: SharedStore;
  beforeAll(async () => {
    if (dialect === 'postgres') database = await createTestDatabase();
    shared = await openShared(database?.url);
  }, 60_000);
  afterAll(async () => {
    await shared.close();
    await database?.drop();
  });

  test('under all faults, no money is lost, doubled or stranded', async () => {
    const { failures, counters } = await runBatch(shared, { from: 1, count: schedules });
    expect(failures).toEqual([]);
    // A fault that did not happen proves nothing.
    for (const what of expectedFaults) expect(counters[what]).toBeGreaterThan(0);
    for (const what of ['orders', 'delivered', 'refunded', 'closed'] as const) {
      expect(counters[what]).toBeGreaterThan(schedules / 20);
    }
  }, 240_000);

  test('the same seed gives the same trace', async () => {
    const traces: string[][] = [];
    for (let run = 0; run < 2; run += 1) {
      const lines: string[] = [];
      await runBatch(shared, { from: 42, count: 3, onTraceLine: (line) => lines.push(line) });
      traces.push(lines);
    }
    expect(traces[0]?.length).toBeGreaterThan(50);
    expect(traces[1]).toEqual(traces[0]);
  }, 60_000);
});

test('another seed gives other draws', () => {
  const draws = [1, 2].map((seed) => {
    const { next } = createPrng(seed);
    return Array.from({ length: 8 }, next);
  });
  expect(draws[0]).not.toEqual(draws[1]);
});

test('draws are uniform', () => {
  const { between } = createPrng(7);
  const faces = new Map<number, number>();
  for (let roll = 0; roll < 6_000; roll += 1) {
    const face = between(1, 6);
    faces.set(face, (faces.get(face) ?? 0) + 1);
  }
  expect([...faces.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  for (const count of faces.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});

test('events run in the order of their instants, not of their scheduling', async () => {
  const timeline = createTimeline(1_000);
  const seen: string[] = [];
  timeline.at(1_300, () => seen.push('last'));
  timeline.at(1_100, () => seen.push('first'));
  timeline.at(1_100, () => seen.push('second'));
  void timeline.sleep(200).then(() => seen.push(`third at ${String(timeline.now())}`));
  await timeline.run(2_000);
  expect(seen).toEqual(['first', 'second', 'third at 1200', 'last']);
  expect(timeline.now()).toBe(2_000);
});
