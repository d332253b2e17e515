import { PlatformBusy, PlatformUnavailable } from './ports';
import { ApiError } from '../lib/api-error';
import { within } from '../lib/within';

const RETRY_AFTER_SECONDS = 5;

/** The error a request is answered with when a platform did not answer. */
function apiErrorFor(fault: PlatformUnavailable): ApiError {
  const code = fault instanceof PlatformBusy ? 'platform.busy' : 'platform.unavailable';
  return new ApiError(code, { cause: fault, retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/**
 * Queries a platform for a request, and turns its unavailability into an API error.
 * @throws ApiError `platform.unavailable`, `platform.busy`
 */
export async function orRefuse<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof PlatformUnavailable) throw apiErrorFor(error);
    throw error;
  }
}

/**
 * The result of a query to a platform, if it comes within `waitMs`. A query that takes longer goes on.
 * @throws ApiError `platform.unavailable` if it takes longer, and what the query throws
 */
export async function inTimeOrRefuse<Answer>(
  query: Promise<Answer>,
  waitMs: number,
): Promise<Answer> {
  const answered = await within(query, waitMs);
  if (answered) return answered.value;
  throw new ApiError('platform.unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
