import { PlatformBusy, PlatformUnavailable } from './ports';
import { ApiError } from '../lib/api-error';

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
