import { MAX_SCHEDULE_AHEAD_MS } from '../jobs/job-queries';
import { PlatformUnavailable } from '../platforms/ports';
import { renewalTime } from '../platforms/token-holder';
import type { AccessToken, IssuedToken } from '../platforms/token-holder';
import type { TokenRow } from '../store/schema';
import type { Store } from '../store/store';
import {
  claimTokenLease,
  releaseTokenLease,
  isLeased,
  isBackingOff,
  ensureTokenRow,
  storeToken,
} from './token-queries';
import type { TokenLease } from './token-queries';
import type { TokenCipher } from './token-cipher';

/** What became of a lease: a token, none, or an answer that came after the lease was lost. */
export type RefreshOutcome = 'obtained' | 'failed' | 'late';

/** Told of what happens to tokens, for metrics. */
export interface TokenObserver {
  refreshed(platform: string, outcome: RefreshOutcome): void;
  /** Somebody had to wait for a token, in ms. */
  waited(platform: string, milliseconds: number): void;
}

export interface HeldToken extends AccessToken {
  generation: number;
  /** Epoch ms: when the next one is to be asked for. */
  renewAt: number;
}

export interface TokenSnapshot {
  row: TokenRow | undefined;
  /** The token in it; undefined where it was refused, ran out or cannot be read. */
  token: HeldToken | undefined;
}

export interface TokenReplacerParts {
  platform: string;
  store: Store;
  cipher: TokenCipher;
  /** Asks the token server; whatever it throws reaches those who wait in this process. */
  fetchToken: () => Promise<IssuedToken>;
  /** The longest that takes, in ms. */
  fetchTimeoutMs: number;
  /** Epoch milliseconds. */
  clock: () => number;
  /** From 0 to 1. */
  random: () => number;
  pause: (milliseconds: number) => Promise<void>;
  /** Whether this process is stopping, and is to wait for nobody. */
  isClosing: () => boolean;
  observer: TokenObserver;
}

/** What a lease lasts longer than the request it is for: time to take it, and to write the answer down. */
const LEASE_MARGIN_MS = 2_000;
/** How often those who wait for another process look. */
const POLL_MS = 50;
const MAX_BACKOFF_MS = 60_000;
/** A token that is refused within this time did not last. */
const EARLY_REFUSAL_MS = 60_000;

/** From half a second to a minute, longer after each failure, and never the same for two. */
function backoffAfter(failures: number, random: () => number): number {
  const longest = Math.min(1_000 * 2 ** (failures - 1), MAX_BACKOFF_MS);
  return Math.round(longest * (0.5 + random() / 2));
}

/**
 * Where every token is refused at once the fault is not the token's (a wrong subscription key, say). The
 * first one is replaced at once, the next ones ever more rarely.
 */
function backoffAfterSuccess({ row }: TokenLease, now: number, random: () => number) {
  const wasRefusedEarly =
    row.sealed === null && row.asked_at !== null && now - row.asked_at < EARLY_REFUSAL_MS;
  const failures = wasRefusedEarly ? row.failures + 1 : 0;
  return { failures, retry_at: failures > 1 ? now + backoffAfter(failures - 1, random) : null };
}

/**
 * Replaces a platform's token, once for all processes that share the store: whoever takes the lease asks
 * the token server, the others wait for what it writes down, or for its lease to run out.
 *
 * Only the newest token 旭宇 issued is good (access document, 获取access_token: a further request
 * overwrites the token). Whoever asks has the lease for the whole of the request, so what a later
 * lease brought was issued later; an answer that comes after its lease was lost is therefore thrown away.
 */
export function createTokenReplacer(
  parts: TokenReplacerParts,
  readToken: () => Promise<TokenSnapshot>,
) {
  const { platform, store, cipher, fetchToken, clock, random, pause, observer } = parts;
  const leaseMs = parts.fetchTimeoutMs + LEASE_MARGIN_MS;
  const limits = { leaseMs, longestPauseMs: MAX_BACKOFF_MS };

  async function fetchWithLease(lease: TokenLease): Promise<IssuedToken> {
    try {
      return await fetchToken();
    } catch (error) {
      observer.refreshed(platform, 'failed');
      const failures = lease.row.failures + 1;
      const retryAt = clock() + backoffAfter(failures, random);
      // Where the store cannot be told, the lease runs out.
      await releaseTokenLease(store, lease, { failures, retryAt }).catch(() => undefined);
      throw error;
    }
  }

  /** @returns whether there is a new token in the store. */
  async function fetchAndStore(lease: TokenLease): Promise<boolean> {
    const generation = lease.row.generation + 1;
    // From before it was asked for, so that it is never thought younger than it is.
    const askedAt = clock();
    const { value, expiresIn } = await fetchWithLease(lease);
    const now = clock();
    const expiresAt = Math.floor(askedAt + expiresIn * 1000);
    const isStored = await storeToken(store, lease, {
      sealed: cipher.encrypt(value, generation),
      asked_at: askedAt,
      expires_at: expiresAt,
      ...backoffAfterSuccess(lease, now, random),
      renewAt: Math.floor(Math.min(renewalTime(askedAt, expiresAt), now + MAX_SCHEDULE_AHEAD_MS)),
    });
    observer.refreshed(platform, isStored ? 'obtained' : 'late');
    return isStored;
  }

  /** Lets another process get on with it. */
  async function waitForOthers(): Promise<void> {
    if (parts.isClosing()) throw new PlatformUnavailable(`${platform} token: we are stopping`);
    await pause(POLL_MS);
  }

  /** Takes the lease and asks, if the lease is to be had. */
  async function attempt({ generation }: TokenRow): Promise<boolean> {
    const now = clock();
    const lease = await claimTokenLease(store, { platform, generation, now, ...limits });
    if (!lease) return false;
    if (clock() - now <= LEASE_MARGIN_MS) return fetchAndStore(lease);
    // It took so long that the lease would not last for the request.
    await releaseTokenLease(store, lease, undefined);
    return false;
  }

  /**
   * A usable token newer than this generation.
   * @throws PlatformUnavailable, or what `fetchToken` threw, where none can be had.
   */
  async function replace(generation: number): Promise<HeldToken> {
    const deadline = clock() + 2 * leaseMs;
    for (;;) {
      const { row, token } = await readToken();
      const now = clock();
      if (token && token.generation > generation) return token;
      if (now >= deadline)
        throw new PlatformUnavailable(`${platform} token: nobody got one in time`);
      if (!row) {
        await ensureTokenRow(store, platform);
      } else if (isLeased(row, { now, leaseMs })) {
        await waitForOthers();
      } else if (isBackingOff(row, { now, ...limits })) {
        throw new PlatformUnavailable(`${platform} token: asked for in vain a moment ago`);
      } else if (!(await attempt(row))) {
        await waitForOthers();
      }
    }
  }

  return async function replaceToken(generation: number): Promise<HeldToken> {
    const startedAt = clock();
    try {
      return await replace(generation);
    } finally {
      observer.waited(platform, clock() - startedAt);
    }
  };
}
