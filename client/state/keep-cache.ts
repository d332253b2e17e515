import { dehydrate, hydrate } from '@tanstack/react-query';
import type { DehydratedState, Query, QueryClient } from '@tanstack/react-query';
import { isRecord } from '@client/storage';
import type { StoredValue } from '@client/storage';

/** What a person wants to see again without a network. */
const keptKinds: readonly unknown[] = ['card', 'wallet', 'packages', 'orders', 'order'];
/** Storage in the mini-program takes 1 MB a key; this many answers stay far below it. */
const KEPT_ANSWERS = 24;
/** Answers arrive in bursts; one write for all of them. */
const WRITE_DELAY_MS = 800;

/** Recognises a kept cache. */
export function isKeptCache(value: unknown): value is DehydratedState {
  return isRecord(value) && Array.isArray(value.queries) && Array.isArray(value.mutations);
}

function isKept(query: Query): boolean {
  return query.state.status === 'success' && keptKinds.includes(query.queryKey[0]);
}

function newestOf(state: DehydratedState): DehydratedState {
  const queries = [...state.queries]
    .sort((one, other) => other.state.dataUpdatedAt - one.state.dataUpdatedAt)
    .slice(0, KEPT_ANSWERS);
  return { queries, mutations: [] };
}

/**
 * Brings back what was seen last time, each answer with the time it was given, and keeps what comes
 * from now on.
 */
export function keepCache(client: QueryClient, kept: StoredValue<DehydratedState>): void {
  const before = kept.read();
  if (before) hydrate(client, before);
  let planned: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    planned = undefined;
    kept.write(newestOf(dehydrate(client, { shouldDehydrateQuery: isKept })));
  };
  client.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success') {
      planned ??= setTimeout(write, WRITE_DELAY_MS);
    }
  });
}
