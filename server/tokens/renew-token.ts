import { MAX_SCHEDULE_AHEAD_MS } from '../jobs/job-queries';
import { PlatformUnavailable } from '../platforms/ports';
import type { SharedTokenHolder } from './shared-token-holder';

export interface RenewalContext {
  /** Epoch ms. */
  clock: () => number;
  /** By platform. */
  holders: Readonly<Record<string, Pick<SharedTokenHolder, 'renewIfDue'>>>;
}

const MIN_DELAY_MS = 1_000;
const RETRY_MS = 15_000;

async function nextRenewalAt(
  { clock, holders }: RenewalContext,
  platform: string,
): Promise<number | null> {
  try {
    return (await holders[platform]?.renewIfDue()) ?? null;
  } catch (error) {
    if (error instanceof PlatformUnavailable) return clock() + RETRY_MS;
    throw error;
  }
}

/**
 * Runs the job that renews a platform's token before it expires, even if it is not in use: 旭宇 requires
 * this of a server that holds its token for others (access document, 获取access_token, 2 and 3). Storing
 * a token schedules this job.
 * @returns when to run it again (epoch ms); null if there is no token to renew
 */
export async function renewToken(
  context: RenewalContext,
  platform: string,
): Promise<number | null> {
  const next = await nextRenewalAt(context, platform);
  if (next === null) return null;
  const now = context.clock();
  return Math.floor(Math.min(Math.max(next, now + MIN_DELAY_MS), now + MAX_SCHEDULE_AHEAD_MS));
}
