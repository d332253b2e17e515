import { runBatch } from './batch';
import { openShared } from './store-source';

/**
 * A process that runs batches of schedules for `spread.ts`, one after the other, as they are handed to it
 * over its channel: `{ from, count }` in, the batch's result out. `SIMULATED_STORE` is
 * the address of its PostgreSQL database; without it there is a SQLite in memory.
 */
async function main(): Promise<void> {
  const shared = await openShared(process.env.SIMULATED_STORE);
  process.on('message', (task: { from: number; count: number }) => {
    void runBatch(shared, task).then((result) => process.send?.(result));
  });
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
}

void main();
