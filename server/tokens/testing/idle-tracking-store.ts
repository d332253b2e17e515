import { setImmediate as turn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Store } from '../../store/store';

/**
 * Tracks when a SQLite store is idle. Its statements run one after another: when ours has run, all earlier
 * ones have, and the statements that follow from them are issued in the next turn of the event loop.
 */
export function trackStoreIdle(baseStore: Store): {
  store: Store;
  waitUntilIdle: () => Promise<void>;
} {
  let statements = 0;
  const store = baseStore.withPlugin({
    transformQuery: ({ node }) => {
      statements += 1;
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  });
  return {
    store,
    async waitUntilIdle() {
      let before: number;
      do {
        before = statements;
        await turn();
        await sql`select 1`.execute(baseStore);
        await turn();
      } while (statements !== before);
    },
  };
}
