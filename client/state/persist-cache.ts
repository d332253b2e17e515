import { dehydrate, hydrate } from '@tanstack/react-query';
import type { DehydratedState, Query, QueryClient } from '@tanstack/react-query';
import { isRecord } from '@client/lib/guards';
import type { StoredValue } from '@client/storage/stored-value';

/** The kinds of queries that are shown again when there is no network. */
const persistedKinds: readonly unknown[] = ['card', 'wallet', 'packages', 'orders', 'order'];
/** WeChat limits a storage key to 1 MB; this number of queries stays far below that. */
const MAX_PERSISTED_QUERIES = 24;
/** Responses arrive in bursts; they are written together. */
const WRITE_DELAY_MS = 800;

/** Whether a stored value is a dehydrated cache. */
export function isDehydratedState(value: unknown): value is DehydratedState {
  return isRecord(value) && Array.isArray(value.queries) && Array.isArray(value.mutations);
}

function shouldPersist(query: Query): boolean {
  return query.state.status === 'success' && persistedKinds.includes(query.queryKey[0]);
}

function newestQueries(state: DehydratedState): DehydratedState {
  const queries = [...state.queries]
    .sort((one, other) => other.state.dataUpdatedAt - one.state.dataUpdatedAt)
    .slice(0, MAX_PERSISTED_QUERIES);
  return { queries, mutations: [] };
}

/**
 * Restores the cache of the last launch, each query with the time of its data, and stores successful
 * queries from now on.
 */
export function persistQueryCache(client: QueryClient, stored: StoredValue<DehydratedState>): void {
  const restored = stored.read();
  if (restored) hydrate(client, restored);
  let writeTimer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    writeTimer = undefined;
    stored.write(newestQueries(dehydrate(client, { shouldDehydrateQuery: shouldPersist })));
  };
  client.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success') {
      writeTimer ??= setTimeout(write, WRITE_DELAY_MS);
    }
  });
}
