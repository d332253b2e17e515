import { runReal } from './run';

/** Starts many processes, possibly on busy cores. */
jest.setTimeout(180_000);

const noLog = () => undefined;

test('on SQLite, kills, power cuts and full disks lose, double or strand nothing', async () => {
  const result = await runReal({ store: 'sqlite', rounds: 12, seed: 7, log: noLog });
  expect(result.findings).toEqual([]);
  expect(result.orders).toBeGreaterThan(3);
  expect(result.delivered).toBeGreaterThan(0);
  expect(result.faults['power cut']).toBeGreaterThan(0);
});

test('on PostgreSQL with two BFFs, kills lose, double or strand nothing', async () => {
  const result = await runReal({ store: 'postgres', rounds: 4, seed: 3, log: noLog });
  expect(result.findings).toEqual([]);
  expect(result.orders).toBeGreaterThan(3);
  expect(result.delivered).toBeGreaterThan(0);
});

test('a SQLite with synchronous=normal loses paid orders in a power cut, and the checker finds it', async () => {
  const { findings } = await runReal({
    store: 'sqlite',
    synchronous: 'normal',
    rounds: 4,
    seed: 1,
    log: noLog,
  });
  const kinds = findings.map(({ kind, detail }) => `${kind}: ${detail}`);
  expect(kinds).toContain('missing: acknowledged, and not in our records');
  expect(kinds).toContain('missing: paid for or delivered, and not in our records');
});
