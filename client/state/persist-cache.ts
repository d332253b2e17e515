import { dehydrate, hydrate } from '@tanstack/react-query';
import type { DehydratedState, Query, QueryClient } from '@tanstack/react-query';
import { isRecord } from '@client/lib/guards';
import type { StoredValue } from '@client/storage/stored-value';

/** What a person wants to see again without a network. */
const persistedKinds: readonly unknown[] = ['card', 'wallet', 'packages', 'orders', 'order'];
/** Storage in the mini-program takes 1 MB a key; this many answers stay far below it. */
const MAX_PERSISTED_QUERIES = 24;
/** Answers arrive in bursts; one write for all of them. */
const WRITE_DELAY_MS = 800;

/** Recognises a kept cache. */
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
 * Brings back what was seen last time, each answer with the time it was given, and keeps what comes
 * from now on.
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
