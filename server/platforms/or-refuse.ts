import { PlatformBusy, PlatformUnavailable } from './ports';
import { ApiError } from '../lib/api-error';

const RETRY_AFTER_SECONDS = 5;

/** What a request is told where a platform did not answer it. */
function apiErrorFor(fault: PlatformUnavailable): ApiError {
  const code = fault instanceof PlatformBusy ? 'platform.busy' : 'platform.unavailable';
  return new ApiError(code, { cause: fault, retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/**
 * Asks a platform what a request needs to know.
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
