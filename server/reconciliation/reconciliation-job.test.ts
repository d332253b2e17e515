import { pino } from 'pino';
import { createGateways } from '../platforms/payment-gateways';
import { PlatformUnavailable } from '../platforms/ports';
import { billEntryOf, openReconciliationFixture } from '../testing/reconciliation-fixture';
import {
  at,
  DAY,
  HOUR,
  matchingOrder,
  NEXT,
  NOON,
  openAlerts,
  openDifferenceKinds,
  READY,
  removeLastBillEntry,
  sumsOf,
} from '../testing/reconciliation-day';
import { reconcileDay } from './reconcile-day';
import { RECONCILIATION_JOB } from './reconciliation-job';

describe('the daily comparison', () => {
  const fixture = openReconciliationFixture('sqlite', NOON);

  async function jobs(): Promise<string[]> {
    const rows = await fixture.store
      .selectFrom('jobs')
      .select('subject_id')
      .where('kind', '=', RECONCILIATION_JOB)
      .orderBy('subject_id')
      .execute();
    return rows.map(({ subject_id }) => subject_id);
  }

  /** Advances the clock in the steps of the worker. */
  async function runUntil(instant: number): Promise<void> {
    while (fixture.clock() < instant) {
      await fixture.worker.runDue();
      fixture.setClock(Math.min(fixture.clock() + HOUR / 4, instant));
    }
    await fixture.worker.runDue();
  }

  test('runs at 10:15 a.m. of the next day, not before', async () => {
    await matchingOrder(fixture);
    fixture.setClock(NOON + HOUR);
    await fixture.services.scheduleInitialJobs();
    await runUntil(READY - 1);
    expect(fixture.platformRecords.requestedBillDays).toEqual([]);
    await runUntil(READY + HOUR);
    expect((await sumsOf(fixture)).map(([day]) => day)).toEqual([DAY]);
    expect(await jobs()).toEqual([NEXT]);
  });

  test('runs for every day since the last one, after days without a running process', async () => {
    await matchingOrder(fixture);
    for (const day of [NEXT, '2026-03-16']) fixture.platformRecords.bills.set(day, []);
    fixture.setClock(at('2026-03-17 11:00:00'));
    await fixture.services.scheduleInitialJobs();
    await fixture.worker.runDue();
    expect((await sumsOf(fixture)).map(([day]) => day)).toEqual([DAY, NEXT, '2026-03-16']);
    await fixture.services.scheduleInitialJobs();
    expect(await jobs()).toEqual(['2026-03-17']);
  });

  test('leaves no day out when staff had later days compared', async () => {
    await matchingOrder(fixture);
    fixture.platformRecords.bills.set(NEXT, []).set('2026-03-16', []);
    fixture.setClock(READY - HOUR);
    await fixture.services.scheduleInitialJobs();
    await fixture.worker.runDue();
    fixture.setClock(at('2026-03-17 11:00:00'));
    const { gateway, store, clock, platforms } = fixture;
    const log = pino({ level: 'silent' });
    const parts = { store, clock, log, platforms, gateways: createGateways(gateway) };
    await reconcileDay(parts, gateway, '2026-03-16');
    await fixture.worker.runDue();
    expect((await sumsOf(fixture)).map(([day]) => day)).toEqual([DAY, NEXT, '2026-03-16']);
    expect(await jobs()).toEqual(['2026-03-17']);
  });

  test('compares the last month at most', async () => {
    await fixture.addPaidOrder({ paidAt: NOON });
    fixture.setClock(at('2026-05-14 12:00:00'));
    await fixture.services.scheduleInitialJobs();
    await fixture.worker.runDue();
    expect(fixture.platformRecords.requestedBillDays[0]).toBe('2026-04-13');
  });

  test('queries no platform before the first order', async () => {
    await fixture.services.scheduleInitialJobs();
    await runUntil(READY + HOUR);
    expect(fixture.platformRecords.requestedBillDays).toEqual([]);
    expect(await jobs()).toEqual([NEXT]);
  });

  test('retries until the bill is available', async () => {
    const recorded = await matchingOrder(fixture);
    fixture.platformRecords.bills.clear();
    await fixture.services.scheduleInitialJobs();
    await runUntil(READY + HOUR);
    expect(await sumsOf(fixture)).toEqual([]);
    fixture.platformRecords.bills.set(DAY, [billEntryOf(recorded)]);
    await runUntil(READY + 2 * HOUR);
    expect(await sumsOf(fixture)).toEqual([[DAY, 'shingsou', 1_800, 1_800, 0, 0]]);
  });

  test('compares again at growing intervals until no difference is open', async () => {
    const recorded = await matchingOrder(fixture);
    removeLastBillEntry(fixture);
    await fixture.services.scheduleInitialJobs();
    await runUntil(READY + 9 * HOUR);
    const downloads = fixture.platformRecords.requestedBillDays.filter((day) => day === DAY).length;
    expect(downloads).toBeGreaterThanOrEqual(4);
    expect(downloads).toBeLessThanOrEqual(7);
    expect(await jobs()).toEqual([DAY, NEXT]);
    fixture.platformRecords.bills.set(DAY, [billEntryOf(recorded)]);
    await runUntil(READY + 33 * HOUR);
    expect(await openDifferenceKinds(fixture)).toEqual([]);
    expect(await jobs()).not.toContain(DAY);
  });

  test('calls a person when a channel has not answered until noon, and goes on', async () => {
    const recorded = await matchingOrder(fixture);
    const unavailable = () => Promise.reject(new PlatformUnavailable('away'));
    const answering = fixture.gateway.downloadBill;
    Object.assign(fixture.gateway, { downloadBill: unavailable });
    await fixture.services.scheduleInitialJobs();
    await runUntil(READY + 1.5 * HOUR);
    expect(await openAlerts(fixture)).toEqual([]);
    await runUntil(READY + 2.5 * HOUR);
    expect(await openAlerts(fixture)).toEqual([`${DAY}|shingsou: notCompared`]);
    await runUntil(READY + 24 * HOUR);
    expect(await openAlerts(fixture)).toEqual([`${DAY}|shingsou: notCompared`]);
    expect(await jobs()).toEqual([DAY, NEXT, '2026-03-16']);
    Object.assign(fixture.gateway, { downloadBill: answering });
    fixture.platformRecords.bills.set(DAY, [billEntryOf(recorded)]).set(NEXT, []);
    await runUntil(READY + 25 * HOUR);
    expect(await openAlerts(fixture)).toEqual([]);
    expect((await sumsOf(fixture)).map(([day]) => day).sort()).toEqual([DAY, NEXT]);
  });
});
