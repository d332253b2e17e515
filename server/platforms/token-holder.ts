import { createSingleFlight } from '../lib/single-flight';

/** An access token as the platform issued it. */
export interface IssuedToken {
  value: string;
  /** Lifetime in seconds. */
  expiresIn: number;
}

export interface AccessToken {
  value: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

export interface TokenHolderOptions {
  /** Requests a new token. An error is passed on to every caller that waits for the token. */
  fetchToken: () => Promise<IssuedToken>;
  /** Epoch milliseconds. */
  clock: () => number;
}

export interface TokenHolder {
  /** The token to use now, fetched if there is none or it is about to expire. */
  current(): Promise<AccessToken>;
  /**
   * A token that replaces a refused one. A new token is fetched only if the refused one is still current:
   * many callers with the same refused token share one fetch.
   */
  refresh(refusedToken: string): Promise<AccessToken>;
}

/** Makes a token holder for a platform. `fetchToken` requests a new token. */
export type TokenHolderFactory = (fetchToken: () => Promise<IssuedToken>) => TokenHolder;

const MAX_RENEWAL_LEAD_MS = 5 * 60 * 1000;
const RENEWAL_LEAD_RATIO = 0.1;

/**
 * When a token is renewed: a tenth of its lifetime before it expires, at most five minutes, times
 * `leadFactor`. Processes that share a token use different factors, so that they do not all renew at once.
 * All times in epoch ms.
 */
export function renewalTime(requestedAt: number, expiresAt: number, leadFactor = 1): number {
  const leadMs = Math.min((expiresAt - requestedAt) * RENEWAL_LEAD_RATIO, MAX_RENEWAL_LEAD_MS);
  return expiresAt - leadMs * leadFactor;
}

interface CachedToken extends AccessToken {
  refreshAt: number;
}

/** The lifetime counts from before the request, so that a slow response never makes the token look younger. */
function toCachedToken({ value, expiresIn }: IssuedToken, requestedAt: number): CachedToken {
  const expiresAt = requestedAt + expiresIn * 1000;
  return { value, expiresAt, refreshAt: renewalTime(requestedAt, expiresAt) };
}

/**
 * Holds a platform's access token in memory, for tools without a store and for platforms whose tokens stay
 * valid when another one is issued. The lifetime is the platform's `expires_in`. At most one fetch is in
 * flight: 旭宇 revokes the older token when it issues a new one (access document, section 获取access_token),
 * so two fetches at once would revoke each other's token.
 */
export function createTokenHolder({ fetchToken, clock }: TokenHolderOptions): TokenHolder {
  const fetchOnce = createSingleFlight<CachedToken>();
  let cached: CachedToken | undefined;

  async function fetchAndCache(): Promise<CachedToken> {
    const requestedAt = clock();
    cached = toCachedToken(await fetchToken(), requestedAt);
    return cached;
  }

  function renew(): Promise<CachedToken> {
    return fetchOnce('token', fetchAndCache);
  }

  return {
    async current() {
      const cachedToken = cached;
      const now = clock();
      if (cachedToken === undefined || now >= cachedToken.expiresAt) return renew();
      if (now < cachedToken.refreshAt) return cachedToken;
      // An early renewal may fail: the cached token has not expired yet.
      return renew().catch(() => cachedToken);
    },
    async refresh(refusedToken) {
      if (cached !== undefined && cached.value !== refusedToken) return cached;
      cached = undefined;
      return renew();
    },
  };
}
