import { PlatformBusy, PlatformUnavailable } from './platforms/ports';
import { RequestRefused } from './problem';

const AGAIN_SECONDS = 5;

/** What a request is told where a platform did not answer it. */
function refusalFor(fault: PlatformUnavailable): RequestRefused {
  const code = fault instanceof PlatformBusy ? 'platform.busy' : 'platform.unavailable';
  return new RequestRefused(code, { cause: fault, retryAfterSeconds: AGAIN_SECONDS });
}

/**
 * Asks a platform what a request needs to know.
 * @throws RequestRefused `platform.unavailable`, `platform.busy`
 */
export async function askPlatform<Answer>(question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof PlatformUnavailable) throw refusalFor(error);
    throw error;
  }
}
