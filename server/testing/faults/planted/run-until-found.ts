import { runBatch } from '../simulated/batch';
import { openSharedSqlite } from '../simulated/shared-sqlite';

/**
 * Started by test-mutants.ts inside a copy of the sources with a bug. Runs simulated schedules on that copy
 * until one has findings, and sends the result over IPC. Arguments: the first seed, the maximum of schedules.
 */
async function main(): Promise<void> {
  const [from = 1, count = 1] = process.argv.slice(2).map(Number);
  const sqlite = await openSharedSqlite();
  const result = await runBatch(sqlite, { from, count, untilFound: true });
  process.once('disconnect', () => process.exit());
  process.send?.(result);
}

void main();
