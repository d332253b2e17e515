import { runReal } from './run';

/** Processes of our own, on cores that others use as well. */
jest.setTimeout(180_000);

const noLog = () => undefined;

test('nothing is lost, doubled or stranded on SQLite by kills, power cuts and full disks', async () => {
  const result = await runReal({ store: 'sqlite', rounds: 12, seed: 7, log: noLog });
  expect(result.findings).toEqual([]);
  expect(result.orders).toBeGreaterThan(3);
  expect(result.delivered).toBeGreaterThan(0);
  expect(result.faults['power cut']).toBeGreaterThan(0);
});

test('nothing is lost, doubled or stranded on PostgreSQL with two BFFs, either of which is killed', async () => {
  const result = await runReal({ store: 'postgres', rounds: 4, seed: 3, log: noLog });
  expect(result.findings).toEqual([]);
  expect(result.orders).toBeGreaterThan(3);
  expect(result.delivered).toBeGreaterThan(0);
});

test('a SQLite that does not wait for the disk is seen to lose paid orders when the power is cut', async () => {
  const { findings } = await runReal({
    store: 'sqlite',
    synchronous: 'normal',
    rounds: 4,
    seed: 1,
    log: noLog,
  });
  const kinds = findings.map(({ kind, detail }) => `${kind}: ${detail}`);
  expect(kinds).toContain('missing: its customer was told it exists');
  expect(kinds).toContain('missing: paid for, and not in the book');
});
