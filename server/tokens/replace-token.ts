import { MAX_SCHEDULE_AHEAD_MS } from '../jobs/job-queries';
import { PlatformUnavailable } from '../platforms/ports';
import type { IssuedToken } from '../platforms/token-holder';
import { renewalTime } from '../platforms/token-holder';
import type { TokenRow } from '../store/schema';
import { readStoredToken } from './read-token';
import type { HeldToken, TokenContext } from './token-context';
import { runOnce } from './token-context';
import type { TokenLease } from './token-queries';
import {
  claimTokenLease,
  ensureTokenRow,
  isBackingOff,
  isLeased,
  releaseTokenLease,
  storeToken,
} from './token-queries';

/** How much longer a lease lasts than the request: the time to claim it and to store the answer. */
const LEASE_MARGIN_MS = 2_000;
/** How often a process polls the store while another one holds the lease. */
const POLL_MS = 50;
const MAX_BACKOFF_MS = 60_000;
/** A token that is refused within this time counts as a failure. */
const EARLY_REFUSAL_MS = 60_000;

function leaseDuration({ fetchTimeoutMs }: TokenContext): number {
  return fetchTimeoutMs + LEASE_MARGIN_MS;
}

/** Exponential backoff with jitter, from half a second to a minute. */
function backoffAfter(failures: number, random: () => number): number {
  const longest = Math.min(1_000 * 2 ** (failures - 1), MAX_BACKOFF_MS);
  return Math.round(longest * (0.5 + random() / 2));
}

/**
 * If every token is refused early, the cause is not the token (but a wrong subscription key, say). The first
 * such token is replaced without delay, the next ones with backoff.
 */
function backoffAfterSuccess({ row }: TokenLease, now: number, random: () => number) {
  const wasRefusedEarly =
    row.sealed === null && row.asked_at !== null && now - row.asked_at < EARLY_REFUSAL_MS;
  const failures = wasRefusedEarly ? row.failures + 1 : 0;
  return { failures, retry_at: failures > 1 ? now + backoffAfter(failures - 1, random) : null };
}

async function fetchWithLease(
  { platform, store, fetchToken, clock, random, observer }: TokenContext,
  lease: TokenLease,
): Promise<IssuedToken> {
  try {
    return await fetchToken();
  } catch (error) {
    observer.refreshed(platform, 'failed');
    const failures = lease.row.failures + 1;
    const retryAt = clock() + backoffAfter(failures, random);
    // If the store does not answer, the lease expires by itself.
    await releaseTokenLease(store, lease, { failures, retryAt }).catch(() => undefined);
    throw error;
  }
}

/** @returns whether the new token was stored, i.e. the lease had not expired */
async function fetchAndStore(context: TokenContext, lease: TokenLease): Promise<boolean> {
  const { platform, store, cipher, clock, random, observer } = context;
  const generation = lease.row.generation + 1;
  // Measured before the request, so that the token expires here no later than at the platform.
  const requestedAt = clock();
  const { value, expiresIn } = await fetchWithLease(context, lease);
  const now = clock();
  const expiresAt = Math.floor(requestedAt + expiresIn * 1000);
  const renewAt = Math.min(renewalTime(requestedAt, expiresAt), now + MAX_SCHEDULE_AHEAD_MS);
  const isStored = await storeToken(store, lease, {
    sealed: cipher.encrypt(value, generation),
    asked_at: requestedAt,
    expires_at: expiresAt,
    ...backoffAfterSuccess(lease, now, random),
    renewAt: Math.floor(renewAt),
  });
  observer.refreshed(platform, isStored ? 'obtained' : 'late');
  return isStored;
}

async function waitForOtherProcess({ platform, state, pause }: TokenContext): Promise<void> {
  if (state.isClosing) throw new PlatformUnavailable(`${platform} token: shutting down`);
  await pause(POLL_MS);
}

/** Claims the lease and requests a token. @returns whether a new token was stored */
async function attemptReplacement(
  context: TokenContext,
  { generation }: TokenRow,
): Promise<boolean> {
  const { platform, store, clock } = context;
  const now = clock();
  const lease = await claimTokenLease(store, {
    platform,
    generation,
    now,
    leaseMs: leaseDuration(context),
    longestPauseMs: MAX_BACKOFF_MS,
  });
  if (!lease) return false;
  if (clock() - now <= LEASE_MARGIN_MS) return fetchAndStore(context, lease);
  // Claiming the lease took so long that it could expire during the request.
  await releaseTokenLease(store, lease, undefined);
  return false;
}

async function pollForToken(context: TokenContext, generation: number): Promise<HeldToken> {
  const { platform, store, clock } = context;
  const leaseMs = leaseDuration(context);
  const deadline = clock() + 2 * leaseMs;
  for (;;) {
    const { row, token } = await readStoredToken(context);
    const now = clock();
    if (token && token.generation > generation) return token;
    if (now >= deadline) throw new PlatformUnavailable(`${platform} token: timed out`);
    if (!row) {
      await ensureTokenRow(store, platform);
    } else if (isLeased(row, { now, leaseMs })) {
      await waitForOtherProcess(context);
    } else if (isBackingOff(row, { now, longestPauseMs: MAX_BACKOFF_MS })) {
      throw new PlatformUnavailable(`${platform} token: backing off after a failed request`);
    } else if (!(await attemptReplacement(context, row))) {
      await waitForOtherProcess(context);
    }
  }
}

async function observeReplacement(context: TokenContext, generation: number): Promise<HeldToken> {
  const { platform, clock, observer } = context;
  const startedAt = clock();
  try {
    return await pollForToken(context, generation);
  } finally {
    observer.waited(platform, clock() - startedAt);
  }
}

/**
 * Replaces a platform's token once for all processes that share the store: the process that claims the lease
 * requests a token, the others wait until it is stored or the lease expires.
 *
 * 旭宇 invalidates all tokens but the newest (access document, 获取access_token). A process holds the lease
 * during the whole request, so the token of a later lease was issued later. An answer that arrives after
 * its lease expired is therefore discarded.
 * @param generation of the token to replace; a newer one in the store is returned instead
 * @throws PlatformUnavailable, or what `fetchToken` threw, if there is no new token
 */
export function replaceToken(context: TokenContext, generation: number): Promise<HeldToken> {
  return runOnce(context.state, `replace ${String(generation)}`, () =>
    observeReplacement(context, generation),
  );
}
