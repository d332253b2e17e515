import { runBatch } from '../simulated/batch';
import { openSharedSqlite } from '../simulated/shared-sqlite';

/**
 * Runs schedules on the sources it lies in until something is found, and says what on its channel: the
 * program that `run.ts` starts in a copy with a bug. Arguments: the first seed, and how many at most.
 */
async function main(): Promise<void> {
  const [from = 1, count = 1] = process.argv.slice(2).map(Number);
  const sqlite = await openSharedSqlite();
  const result = await runBatch(sqlite, { from, count, untilFound: true });
  process.once('disconnect', () => process.exit());
  process.send?.(result);
}

void main();
