import { setImmediate as turn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Store } from '../../store/store';

/**
 * A store on SQLite that says when nothing is under way in it any more. Statements take turns there: when
 * ours has had its turn, all before it have, and what they led to is asked for in the next turn of the
 * event loop.
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
