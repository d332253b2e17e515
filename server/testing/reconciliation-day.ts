import { parseBeijing } from '@shared/beijing-time';
import type { DifferenceRow } from '../store/schema';
import {
  billEntryOf,
  listedOrderOf,
  type RecordedOrder,
  type ReconciliationFixture,
} from './reconciliation-fixture';

export const HOUR = 60 * 60_000;
/** The day that is compared, and the one after it. */
export const DAY = '2026-03-14';
export const NEXT = '2026-03-15';

/** An instant of Beijing's clock, epoch ms. */
export function at(text: string): number {
  const instant = parseBeijing(text);
  if (instant === undefined) throw new Error(`${text} is no instant`);
  return instant;
}

export const NOON = at(`${DAY} 12:00:00`);
/** From when on the day can be compared. */
export const READY = at(`${NEXT} 10:15:00`);

/** A delivered order on which all sides agree; the clock is then where the day can be compared. */
export async function matchingOrder(
  fixture: ReconciliationFixture,
  { paidAt = NOON, amount = 1_800 } = {},
): Promise<RecordedOrder> {
  const recorded = await fixture.addPaidOrder({ paidAt, amount });
  const { bills, lists } = fixture.platformRecords;
  bills.set(DAY, [...(bills.get(DAY) ?? []), billEntryOf(recorded)]);
  lists.set(DAY, [...(lists.get(DAY) ?? []), listedOrderOf(recorded)]);
  fixture.setClock(READY);
  return recorded;
}

/** Takes the last line of the day's bill away. */
export function removeLastBillEntry({ platformRecords: there }: ReconciliationFixture): void {
  there.bills.get(DAY)?.pop();
}

export function differencesOf({ store }: ReconciliationFixture): Promise<DifferenceRow[]> {
  return store.selectFrom('differences').selectAll().orderBy('id').execute();
}

/** The kinds of the differences that are not settled. */
export async function openDifferenceKinds(fixture: ReconciliationFixture): Promise<string[]> {
  const rows = await differencesOf(fixture);
  return rows.filter((row) => row.settled_at === null).map(({ kind }) => kind);
}

/** What people are called for, as `day|channel: why`. */
export async function openAlerts({ store }: ReconciliationFixture): Promise<string[]> {
  const rows = await store
    .selectFrom('alerts')
    .select(['subject', 'detail'])
    .where('kind', '=', 'booksDiffer')
    .where('open_key', 'is not', null)
    .execute();
  return rows.map(({ subject, detail }) => `${subject}: ${detail ?? ''}`);
}

/** Day, channel, taken here and there, given back here and there, for each comparison. */
export async function sumsOf({ store }: ReconciliationFixture): Promise<(string | number)[][]> {
  const rows = await store.selectFrom('reconciliations').selectAll().orderBy('day').execute();
  return rows.map((row) => [
    row.day,
    row.channel,
    ...[row.taken_here_fen, row.taken_there_fen],
    ...[row.returned_here_fen, row.returned_there_fen],
  ]);
}
