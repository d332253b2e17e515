import { existsSync } from 'node:fs';
import { checkLedger } from '../../reconciliation/ledger-check';
import { backupStore, restoreStore } from '../../store/backup';
import { copyStore } from '../../store/copy-store';
import { describeDatabase, parseDatabaseUrl } from '../../store/database-url';
import { acquireExclusiveUse } from '../../store/exclusive-use';
import { migrate } from '../../store/migrate';
import { openForTool } from '../../store/open-store';
import { StoreError } from '../../store/store';
import type { TableTotals } from '../../store/tables';
import { readTotals } from '../../store/tables';

/** How a command shows what it did. */
type PrintLine = (line: string) => void;

export async function migrateCommand(databaseUrl: string, printLine: PrintLine): Promise<void> {
  const { store, close } = openForTool(databaseUrl);
  try {
    const names = await migrate(store);
    printLine(
      names.length > 0 ? `已升级 (migrated): ${names.join(', ')}` : '已是最新 (up to date)',
    );
  } finally {
    await close();
  }
}

/** @returns whether the book is in order */
export async function checkCommand(databaseUrl: string, printLine: PrintLine): Promise<boolean> {
  const { store, close } = openExisting(databaseUrl);
  try {
    const faults = await checkLedger(store);
    for (const { rule, subject, detail } of faults) printLine(`${rule}  ${subject}  ${detail}`);
    const totals = await readTotals(store);
    const orders = totals.find(({ table }) => table === 'orders')?.rows ?? 0;
    printLine(`book: ${String(orders)} orders, ${String(faults.length)} faults`);
    return faults.length === 0;
  } finally {
    await close();
  }
}

export async function copyCommand(
  fromUrl: string,
  toUrl: string,
  printLine: PrintLine,
): Promise<void> {
  const releaseSource = await lockExisting(fromUrl);
  try {
    const releaseTarget = await acquireExclusiveUse(toUrl);
    try {
      printTotals(await copyBetween(fromUrl, toUrl), printLine);
    } finally {
      releaseTarget();
    }
  } finally {
    releaseSource();
  }
  printLine(`已复制 (copied): ${describeDatabase(fromUrl)} -> ${describeDatabase(toUrl)}`);
}

async function copyBetween(fromUrl: string, toUrl: string): Promise<TableTotals[]> {
  const source = openForTool(fromUrl);
  const target = openForTool(toUrl);
  try {
    await migrate(target.store);
    return await copyStore(source.store, target.store, 'empty');
  } finally {
    await target.close();
    await source.close();
  }
}

export async function backupCommand(
  databaseUrl: string,
  file: string,
  printLine: PrintLine,
): Promise<void> {
  printTotals(await backupStore(databaseUrl, file), printLine);
  printLine(`已备份并校验 (backed up and verified): ${file}`);
}

export async function restoreCommand(
  databaseUrl: string,
  file: string,
  { replace, printLine }: { replace: boolean; printLine: PrintLine },
): Promise<void> {
  printTotals(await restoreStore(file, databaseUrl, { replace }), printLine);
  printLine(`已恢复 (restored): ${file} -> ${describeDatabase(databaseUrl)}`);
}

/** Opening a SQLite file that is not there would make an empty one. @throws StoreError */
function openExisting(databaseUrl: string) {
  assertExists(databaseUrl);
  return openForTool(databaseUrl);
}

function lockExisting(databaseUrl: string): Promise<() => void> {
  assertExists(databaseUrl);
  return acquireExclusiveUse(databaseUrl);
}

function assertExists(databaseUrl: string): void {
  const address = parseDatabaseUrl(databaseUrl);
  if (address.dialect === 'sqlite' && !existsSync(address.path)) {
    throw new StoreError(`找不到数据库 (there is no store at) ${address.path}`);
  }
}

function printTotals(totals: readonly TableTotals[], printLine: PrintLine): void {
  for (const { table, rows, fen } of totals) {
    const sums = Object.entries(fen).map(([column, sum]) => `${column} ${String(sum)}`);
    printLine([table.padEnd(18), String(rows).padStart(9), ...sums].join('  '));
  }
}
