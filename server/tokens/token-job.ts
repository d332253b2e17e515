import { MAX_SCHEDULE_AHEAD_MS } from '../jobs/job-queries';
import type { JobHandler } from '../jobs/worker';
import { PlatformUnavailable } from '../platforms/ports';
import type { SharedTokenHolder } from './shared-token-holder';

export interface TokenJobParts {
  /** Epoch milliseconds. */
  clock: () => number;
  /** By platform. */
  holders: Readonly<Record<string, Pick<SharedTokenHolder, 'renewIfDue'>>>;
}

const MIN_DELAY_MS = 1_000;
/** When it is tried again after the token server gave none. */
const RETRY_MS = 15_000;

/**
 * Renews tokens ahead of their end though nobody uses them, as 旭宇 asks of whoever holds its token for
 * others (access document, 获取access_token, 2 and 3). Every token that is stored makes this job due.
 */
export function createTokenJob({ clock, holders }: TokenJobParts): JobHandler {
  async function nextRenewalAt(platform: string): Promise<number | null> {
    try {
      return (await holders[platform]?.renewIfDue()) ?? null;
    } catch (error) {
      if (error instanceof PlatformUnavailable) return clock() + RETRY_MS;
      throw error;
    }
  }

  return async function renew(platform) {
    const next = await nextRenewalAt(platform);
    if (next === null) return null;
    const now = clock();
    return Math.floor(Math.min(Math.max(next, now + MIN_DELAY_MS), now + MAX_SCHEDULE_AHEAD_MS));
  };
}
