import { newId } from '../store/ids';
import type { DifferenceRow, ReconciliationRow } from '../store/schema';
import type { Store, StoreOrTx, Tx } from '../store/store';
import type { Comparison, Difference } from './compare';

/** Identifies a comparison: a Beijing day (YYYY-MM-DD) and a payment channel. */
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

/** Stores the totals of a comparison in place of an earlier one's. */
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
 * Stores the differences that a comparison found, and settles earlier ones that it did not find again.
 * @returns all differences of the comparison that are open now
 */
export async function saveDifferences(
  tx: Tx,
  { day, channel }: DayAndChannel,
  found: readonly Difference[],
  now: number,
): Promise<DifferenceRow[]> {
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
  reader: StoreOrTx,
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

/** When a day was last compared with a channel (epoch ms), and how many differences are open. */
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

/** The latest day that was compared; undefined if there is none. */
export async function findLastComparedDay(store: Store): Promise<string | undefined> {
  const row = await store
    .selectFrom('reconciliations')
    .select('day')
    .orderBy('day', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.day;
}

/** A page of comparisons, latest day first, with one more than `limit` to show whether there are more. */
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

/** All differences of some days, open and settled, in the order in which they were found. */
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
