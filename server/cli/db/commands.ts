import { existsSync } from 'node:fs';
import type { LocalizedText } from '@shared/language';
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
interface Output {
  printLine: PrintLine;
  /** Picks the terminal's language. */
  say: (text: LocalizedText) => string;
}
type PrintLine = (line: string) => void;

export async function migrateCommand(
  databaseUrl: string,
  { printLine, say }: Output,
): Promise<void> {
  const { store, close } = openForTool(databaseUrl);
  try {
    const names = await migrate(store);
    const applied = names.join(', ');
    const migrated = { 'zh-CN': `已升级：${applied}`, en: `Migrated: ${applied}` };
    const upToDate = { 'zh-CN': '已是最新', en: 'Already up to date' };
    printLine(say(names.length > 0 ? migrated : upToDate));
  } finally {
    await close();
  }
}

/** @returns whether the records are consistent */
export async function checkCommand(
  databaseUrl: string,
  { printLine, say }: Output,
): Promise<boolean> {
  const { store, close } = openExisting(databaseUrl);
  try {
    const faults = await checkLedger(store);
    for (const { rule, subject, detail } of faults) printLine(`${rule}  ${subject}  ${detail}`);
    const totals = await readTotals(store);
    const orders = totals.find(({ table }) => table === 'orders')?.rows ?? 0;
    printLine(
      say({
        'zh-CN': `核对完成：${orders} 笔订单，${faults.length} 处问题`,
        en: `Checked: ${orders} orders, ${faults.length} faults`,
      }),
    );
    return faults.length === 0;
  } finally {
    await close();
  }
}

export async function copyCommand(
  fromUrl: string,
  toUrl: string,
  { printLine, say }: Output,
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
  const direction = `${describeDatabase(fromUrl)} -> ${describeDatabase(toUrl)}`;
  printLine(say({ 'zh-CN': `已复制：${direction}`, en: `Copied: ${direction}` }));
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
  { printLine, say }: Output,
): Promise<void> {
  printTotals(await backupStore(databaseUrl, file), printLine);
  printLine(say({ 'zh-CN': `已备份并校验：${file}`, en: `Backed up and verified: ${file}` }));
}

export async function restoreCommand(
  databaseUrl: string,
  file: string,
  { replace, printLine, say }: Output & { replace: boolean },
): Promise<void> {
  printTotals(await restoreStore(file, databaseUrl, { replace }), printLine);
  const direction = `${file} -> ${describeDatabase(databaseUrl)}`;
  printLine(say({ 'zh-CN': `已恢复：${direction}`, en: `Restored: ${direction}` }));
}

/** Opening a SQLite file that does not exist would create an empty one. @throws StoreError */
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
    throw new StoreError(`there is no store at ${address.path}`);
  }
}

function printTotals(totals: readonly TableTotals[], printLine: PrintLine): void {
  for (const { table, rows, fen } of totals) {
    const sums = Object.entries(fen).map(([column, sum]) => `${column} ${String(sum)}`);
    printLine([table.padEnd(18), String(rows).padStart(9), ...sums].join('  '));
  }
}
