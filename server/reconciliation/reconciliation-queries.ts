import type { Selectable, Transaction } from 'kysely';
import { newId } from '../store/ids';
import type { Database, DifferenceRow, ReconciliationRow } from '../store/schema';
import type { Store } from '../store/store';
import type { Comparison, Difference } from './compare';

type Tx = Transaction<Database>;

/** A day as compared with one channel. */
export interface DayAndChannel {
  day: string;
  channel: string;
}

const differenceKeyColumns = ['day', 'channel', 'kind', 'order_number', 'reference'] as const;

function differenceKey(
  difference: Pick<DifferenceRow, 'kind' | 'order_number' | 'reference'>,
): string {
  return `${difference.kind}|${difference.order_number}|${difference.reference}`;
}

/** Writes what a comparison summed up, in place of what an earlier one did. */
export async function saveTotals(
  tx: Tx,
  { day, channel }: DayAndChannel,
  comparison: Comparison,
  now: number,
): Promise<void> {
  const totals = {
    compared_at: now,
    taken_here_fen: comparison.takenHereFen,
    taken_there_fen: comparison.takenThereFen,
    returned_here_fen: comparison.returnedHereFen,
    returned_there_fen: comparison.returnedThereFen,
  };
  await tx
    .insertInto('reconciliations')
    .values({ id: newId(), day, channel, ...totals })
    .onConflict((conflict) => conflict.columns(['day', 'channel']).doUpdateSet(totals))
    .execute();
}

/**
 * Writes the differences found; those found before that are gone are settled.
 * @returns the day's differences that are open now, those found first before `now` with it
 */
export async function saveDifferences(
  tx: Tx,
  { day, channel }: DayAndChannel,
  found: readonly Difference[],
  now: number,
): Promise<Selectable<DifferenceRow>[]> {
  const rows = found.map((difference) => toDifferenceRow({ day, channel }, difference, now));
  for (const row of rows) await upsertDifference(tx, row);
  const currentKeys = new Set(rows.map(differenceKey));
  const open = await listOpenDifferences(tx, { day, channel });
  const resolved = open.filter((row) => !currentKeys.has(differenceKey(row)));
  for (const { id } of resolved) {
    await tx.updateTable('differences').set({ settled_at: now }).where('id', '=', id).execute();
  }
  return open.filter((row) => currentKeys.has(differenceKey(row)));
}

function toDifferenceRow(
  { day, channel }: DayAndChannel,
  { kind, orderNumber, reference, hereFen, thereFen, automatic }: Difference,
  now: number,
): DifferenceRow {
  return {
    id: newId(),
    day,
    channel,
    kind,
    order_number: orderNumber,
    reference,
    here_fen: hereFen,
    there_fen: thereFen,
    automatic: automatic ? 1 : 0,
    found_at: now,
    settled_at: null,
  };
}

async function upsertDifference(tx: Tx, row: DifferenceRow): Promise<void> {
  const { here_fen, there_fen, automatic } = row;
  await tx
    .insertInto('differences')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns([...differenceKeyColumns])
        .doUpdateSet({ here_fen, there_fen, automatic, settled_at: null }),
    )
    .execute();
}

function listOpenDifferences(
  reader: Store | Tx,
  { day, channel }: DayAndChannel,
): Promise<DifferenceRow[]> {
  return reader
    .selectFrom('differences')
    .selectAll()
    .where('day', '=', day)
    .where('channel', '=', channel)
    .where('settled_at', 'is', null)
    .execute();
}

/** How a day stands with a channel: when it was compared last, and what is open of it. */
export async function readComparisonStatus(
  store: Store,
  { day, channel }: DayAndChannel,
): Promise<{ comparedAt: number; open: number } | undefined> {
  const row = await store
    .selectFrom('reconciliations')
    .select('compared_at')
    .where('day', '=', day)
    .where('channel', '=', channel)
    .executeTakeFirst();
  if (!row) return undefined;
  const open = await listOpenDifferences(store, { day, channel });
  return { comparedAt: row.compared_at, open: open.length };
}

/** The newest day that was compared; undefined before the first. */
export async function findLastComparedDay(store: Store): Promise<string | undefined> {
  const row = await store
    .selectFrom('reconciliations')
    .select('day')
    .orderBy('day', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.day;
}

/** A page of comparisons, newest day first; one more than `limit`, to tell if there are more. */
export function listReconciliations(
  store: Store,
  { limit, after }: { limit: number; after: DayAndChannel | undefined },
): Promise<ReconciliationRow[]> {
  return store
    .selectFrom('reconciliations')
    .selectAll()
    .$if(after !== undefined, (query) =>
      query.where((eb) =>
        eb.or([
          eb('day', '<', after?.day ?? ''),
          eb.and([eb('day', '=', after?.day ?? ''), eb('channel', '>', after?.channel ?? '')]),
        ]),
      ),
    )
    .orderBy('day', 'desc')
    .orderBy('channel')
    .limit(limit + 1)
    .execute();
}

export function listReconciliationsOfDay(store: Store, day: string): Promise<ReconciliationRow[]> {
  return store
    .selectFrom('reconciliations')
    .selectAll()
    .where('day', '=', day)
    .orderBy('channel')
    .execute();
}

/** All differences of some days, open ones and settled ones, in the order they were found in. */
export async function listDifferences(
  store: Store,
  days: readonly string[],
): Promise<DifferenceRow[]> {
  if (days.length === 0) return [];
  return store
    .selectFrom('differences')
    .selectAll()
    .where('day', 'in', days)
    .orderBy('id')
    .execute();
}
