import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '@client/api/api-error';

/** Figures younger than this are shown as they are, without asking again. */
const STALE_TIME_MS = 30_000;
/** How long what was seen stays at hand after its page is gone. */
const CACHE_TIME_MS = 60 * 60 * 1000;
const RETRIES = 2;

/** Only what may be different a moment later is worth asking again. */
function isWorthRetrying(error: Error): boolean {
  return !(error instanceof ApiError) || error.hasNoResponse || error.code === 'client.unreadable';
}

/**
 * The cache of what the BFF answered. `networkMode: 'always'`: whether there is a network is learnt by
 * asking, as what phones say about it is often wrong.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: STALE_TIME_MS,
        gcTime: CACHE_TIME_MS,
        retry: (failures, error) => failures < RETRIES && isWorthRetrying(error),
        retryDelay: (attempt) => 800 * 2 ** attempt,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
