import type { Transaction } from 'kysely';
import { assertNewest } from './migrate';
import type { Database } from './schema';
import { type Store, StoreError } from './store';
import {
  clearTables,
  compareTotals,
  readRows,
  readTotals,
  tableNames,
  type TableTotals,
  writeRows,
} from './tables';

type Tx = Transaction<Database>;

/** What the target may contain: nothing, anything but orders, or anything, which is then replaced. */
export type TargetRule = 'empty' | 'withoutOrders' | 'replaced';

/**
 * Copies a snapshot of a store into another, of any dialect, in one transaction, and compares row counts and
 * sums of money before the commit. Both must have the newest schema.
 * @returns the totals of both
 * @throws StoreError if the target contains what it must not, or the totals differ; then nothing is written
 */
export async function copyStore(
  source: Store,
  target: Store,
  rule: TargetRule,
): Promise<TableTotals[]> {
  return source
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (from) => {
      await assertNewest(from);
      return target.transaction().execute(async (to) => {
        await assertNewest(to);
        await prepareTarget(to, rule);
        for (const table of tableNames) {
          for await (const rows of readRows(from, table)) await writeRows(to, table, rows);
        }
        return compareStores(from, to);
      });
    });
}

async function prepareTarget(to: Tx, rule: TargetRule): Promise<void> {
  const filled = (await readTotals(to)).filter(({ rows }) => rows > 0);
  if (rule === 'empty' && filled.length > 0) {
    const tables = filled.map(({ table, rows }) => `${table} ${String(rows)}`).join(', ');
    throw new StoreError(`the target is not empty (${tables}); copy into a new store`);
  }
  const orders = filled.find(({ table }) => table === 'orders');
  if (rule === 'withoutOrders' && orders) {
    throw new StoreError(
      `the store has ${String(orders.rows)} orders, which would be lost; add --replace if that is meant`,
    );
  }
  await clearTables(to);
}

async function compareStores(from: Tx, to: Tx): Promise<TableTotals[]> {
  const totals = await readTotals(from);
  const differences = compareTotals(totals, await readTotals(to));
  if (differences.length > 0) {
    throw new StoreError(`the copy is not like its source: ${differences.join('; ')}`);
  }
  return totals;
}
