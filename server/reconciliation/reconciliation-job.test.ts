import { pino } from 'pino';
import { createGateways } from '../payments/gateways';
import { PlatformUnavailable } from '../platforms/ports';
import { billEntryOf, createReconciliationFixture, type ReconciliationFixture } from '../test/book-world';
import {
  matchingOrder,
  at,
  DAY,
  removeLastBillEntry,
  HOUR,
  NEXT,
  NOON,
  openAlerts,
  openDifferenceKinds,
  READY,
  sumsOf,
} from '../test/compared-day';
import { reconcileDay } from './reconcile-day';
import { RECONCILIATION_JOB } from './reconciliation-job';

describe('the daily comparison', () => {
  let world: ReconciliationFixture;
  beforeEach(async () => {
    world = await createReconciliationFixture('sqlite', NOON);
  });
  afterEach(() => world.close());

  async function jobs(): Promise<string[]> {
    const rows = await world.store
      .selectFrom('jobs')
      .select('subject_id')
      .where('kind', '=', RECONCILIATION_JOB)
      .orderBy('subject_id')
      .execute();
    return rows.map(({ subject_id }) => subject_id);
  }

  /** Lets time pass in the steps of the worker. */
  async function passUntil(instant: number): Promise<void> {
    while (world.clock() < instant) {
      await world.worker.runDue();
      world.setClock(Math.min(world.clock() + HOUR / 4, instant));
    }
    await world.worker.runDue();
  }

  test('is done at a quarter past ten of the next day, not before', async () => {
    await matchingOrder(world);
    world.setClock(NOON + HOUR);
    await world.services.scheduleInitialJobs();
    await passUntil(READY - 1);
    expect(world.platformRecords.requestedBillDays).toEqual([]);
    await passUntil(READY + HOUR);
    expect((await sumsOf(world)).map(([day]) => day)).toEqual([DAY]);
    expect(await jobs()).toEqual([NEXT]);
  });

  test('is done for every day since the last, after days in which nothing ran', async () => {
    await matchingOrder(world);
    for (const day of [NEXT, '2026-03-16']) world.platformRecords.bills.set(day, []);
    world.setClock(at('2026-03-17 11:00:00'));
    await world.services.scheduleInitialJobs();
    await world.worker.runDue();
    expect((await sumsOf(world)).map(([day]) => day)).toEqual([DAY, NEXT, '2026-03-16']);
    await world.services.scheduleInitialJobs();
    expect(await jobs()).toEqual(['2026-03-17']);
  });

  test('leaves no day out where people had later days compared', async () => {
    await matchingOrder(world);
    world.platformRecords.bills.set(NEXT, []).set('2026-03-16', []);
    world.setClock(READY - HOUR);
    await world.services.scheduleInitialJobs();
    await world.worker.runDue();
    world.setClock(at('2026-03-17 11:00:00'));
    const { gateway, store, clock, platforms } = world;
    const log = pino({ level: 'silent' });
    const parts = { store, clock, log, platforms, gateways: createGateways(gateway) };
    await reconcileDay(parts, gateway, '2026-03-16');
    await world.worker.runDue();
    expect((await sumsOf(world)).map(([day]) => day)).toEqual([DAY, NEXT, '2026-03-16']);
    expect(await jobs()).toEqual(['2026-03-17']);
  });

  test('goes back a month and no farther', async () => {
    await world.addPaidOrder({ paidAt: NOON });
    world.setClock(at('2026-05-14 12:00:00'));
    await world.services.scheduleInitialJobs();
    await world.worker.runDue();
    expect(world.platformRecords.requestedBillDays[0]).toBe('2026-04-13');
  });

  test('asks nobody anything while nothing was ever ordered', async () => {
    await world.services.scheduleInitialJobs();
    await passUntil(READY + HOUR);
    expect(world.platformRecords.requestedBillDays).toEqual([]);
    expect(await jobs()).toEqual([NEXT]);
  });

  test('looks again until the bill is there', async () => {
    const recorded = await matchingOrder(world);
    world.platformRecords.bills.clear();
    await world.services.scheduleInitialJobs();
    await passUntil(READY + HOUR);
    expect(await sumsOf(world)).toEqual([]);
    world.platformRecords.bills.set(DAY, [billEntryOf(recorded)]);
    await passUntil(READY + 2 * HOUR);
    expect(await sumsOf(world)).toEqual([[DAY, 'shingsou', 1_800, 1_800, 0, 0]]);
  });

  test('compares again what is open, more and more seldom, until it is settled', async () => {
    const recorded = await matchingOrder(world);
    removeLastBillEntry(world);
    await world.services.scheduleInitialJobs();
    await passUntil(READY + 9 * HOUR);
    const asked = world.platformRecords.requestedBillDays.filter((day) => day === DAY).length;
    expect(asked).toBeGreaterThanOrEqual(4);
    expect(asked).toBeLessThanOrEqual(7);
    expect(await jobs()).toEqual([DAY, NEXT]);
    world.platformRecords.bills.set(DAY, [billEntryOf(recorded)]);
    await passUntil(READY + 33 * HOUR);
    expect(await openDifferenceKinds(world)).toEqual([]);
    expect(await jobs()).not.toContain(DAY);
  });

  test('calls a person where a channel has not answered for a whole day, and goes on', async () => {
    const recorded = await matchingOrder(world);
    const silent = () => Promise.reject(new PlatformUnavailable('away'));
    const answering = world.gateway.downloadBill;
    Object.assign(world.gateway, { downloadBill: silent });
    await world.services.scheduleInitialJobs();
    await passUntil(READY + 24 * HOUR);
    expect(await openAlerts(world)).toEqual([`${DAY}|shingsou: notCompared`]);
    expect(await jobs()).toEqual([DAY, NEXT, '2026-03-16']);
    Object.assign(world.gateway, { downloadBill: answering });
    world.platformRecords.bills.set(DAY, [billEntryOf(recorded)]).set(NEXT, []);
    await passUntil(READY + 25 * HOUR);
    expect(await openAlerts(world)).toEqual([]);
    expect((await sumsOf(world)).map(([day]) => day).sort()).toEqual([DAY, NEXT]);
  });
});
