import { parseBeijing } from '@shared/beijing-time';
import type { DifferenceRow } from '../store/schema';
import {
  billEntryOf,
  listedOrderOf,
  type RecordedOrder,
  type ReconciliationFixture,
} from './reconciliation-fixture';

export const HOUR = 60 * 60_000;
/** The day that is reconciled, and the next one. */
export const DAY = '2026-03-14';
export const NEXT = '2026-03-15';

/** Parses a Beijing time to epoch ms. */
export function at(text: string): number {
  const instant = parseBeijing(text);
  if (instant === undefined) throw new Error(`${text} is no time`);
  return instant;
}

export const NOON = at(`${DAY} 12:00:00`);
/** When the day can be reconciled. */
export const READY = at(`${NEXT} 10:15:00`);

/** Adds a delivered order on which all records agree, and sets the clock to `READY`. */
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

/** Removes the last entry of the day's bill. */
export function removeLastBillEntry({ platformRecords }: ReconciliationFixture): void {
  platformRecords.bills.get(DAY)?.pop();
}

export function differencesOf({ store }: ReconciliationFixture): Promise<DifferenceRow[]> {
  return store.selectFrom('differences').selectAll().orderBy('id').execute();
}

/** The kinds of the open differences. */
export async function openDifferenceKinds(fixture: ReconciliationFixture): Promise<string[]> {
  const rows = await differencesOf(fixture);
  return rows.filter((row) => row.settled_at === null).map(({ kind }) => kind);
}

/** The open alerts of reconciliations, as `day|channel: detail`. */
export async function openAlerts({ store }: ReconciliationFixture): Promise<string[]> {
  const rows = await store
    .selectFrom('alerts')
    .select(['subject', 'detail'])
    .where('kind', '=', 'booksDiffer')
    .where('open_key', 'is not', null)
    .execute();
  return rows.map(({ subject, detail }) => `${subject}: ${detail ?? ''}`);
}

/** For each reconciliation: day, channel, payments here and there, refunds here and there. */
export async function sumsOf({ store }: ReconciliationFixture): Promise<(string | number)[][]> {
  const rows = await store.selectFrom('reconciliations').selectAll().orderBy('day').execute();
  return rows.map((row) => [
    row.day,
    row.channel,
    row.taken_here_fen,
    row.taken_there_fen,
    row.returned_here_fen,
    row.returned_there_fen,
  ]);
}
