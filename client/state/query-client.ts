import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '@client/api/api-error';

/** Data younger than this is shown without a refetch. */
const STALE_TIME_MS = 30_000;
/** How long data stays in memory after its page is closed. */
const CACHE_TIME_MS = 60 * 60 * 1000;
const RETRIES = 2;

/** Retries only errors that may be temporary; errors of the BFF are not retried. */
function isWorthRetrying(error: Error): boolean {
  return !(error instanceof ApiError) || error.hasNoResponse || error.code === 'client.unreadable';
}

/**
 * Creates the query cache. `networkMode: 'always'` because phones often report their network state
 * incorrectly, so requests are always attempted.
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
