import { FARTHEST_MS } from '../jobs/job-queries';
import type { JobHandler } from '../jobs/worker';
import { PlatformUnavailable } from '../platforms/ports';
import type { SharedTokenHolder } from './shared-token-holder';

export interface TokenJobParts {
  /** Epoch milliseconds. */
  clock: () => number;
  /** By platform. */
  holders: Readonly<Record<string, Pick<SharedTokenHolder, 'renewIfDue'>>>;
}

const SOONEST_MS = 1_000;
/** When it is tried again after the token server gave none. */
const AGAIN_MS = 15_000;

/**
 * Renews tokens ahead of their end though nobody uses them, as 旭宇 asks of whoever holds its token for
 * others (access document, 获取access_token, 2 and 3). Every token that is stored makes this job due.
 */
export function createTokenJob({ clock, holders }: TokenJobParts): JobHandler {
  async function nextLook(platform: string): Promise<number | null> {
    try {
      return (await holders[platform]?.renewIfDue()) ?? null;
    } catch (error) {
      if (error instanceof PlatformUnavailable) return clock() + AGAIN_MS;
      throw error;
    }
  }

  return async function renew(platform) {
    const next = await nextLook(platform);
    if (next === null) return null;
    const now = clock();
    return Math.floor(Math.min(Math.max(next, now + SOONEST_MS), now + FARTHEST_MS));
  };
}
