import { runBatch } from './batch';
import { openShared } from './store-source';

/**
 * A worker process of worker-pool.ts. It receives `{ from, count }` over its IPC channel, runs that batch of
 * schedules and sends the result. `SIMULATED_STORE` is the address of its PostgreSQL database; without it,
 * schedules run on a SQLite in memory.
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
