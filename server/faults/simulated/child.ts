import { runBatch } from './batch';
import { openSharedSqlite } from './gated-store';

/**
 * A process that runs batches of schedules for `spread.ts`, one after the other, as they are handed to it
 * over its channel: `{ from, count }` in, the batch's result out.
 */
async function main(): Promise<void> {
  const sqlite = await openSharedSqlite();
  process.on('message', (task: { from: number; count: number }) => {
    void runBatch(sqlite, task).then((result) => process.send?.(result));
  });
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
}

void main();
