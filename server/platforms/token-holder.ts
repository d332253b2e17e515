/** An access token as the platform gave it. */
export interface IssuedToken {
  value: string;
  /** Seconds from the moment it was issued. */
  expiresIn: number;
}

export interface AccessToken {
  value: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

export interface TokenHolderOptions {
  /** Gets a new token; whatever it throws reaches the callers that wait for it. */
  fetchToken: () => Promise<IssuedToken>;
  /** Epoch milliseconds. */
  clock: () => number;
}

export interface TokenHolder {
  /** The token to use now, fetched if there is none or it is about to expire. */
  current(): Promise<AccessToken>;
  /**
   * Another token than the one that was refused. Fetches only if the refused one is still the
   * current one: of many callers with the same refused token, one fetches and all get the result.
   */
  refresh(refusedToken: string): Promise<AccessToken>;
}

/** Makes a holder around what gets a platform's next token. */
export type TokenHolderFactory = (fetchToken: () => Promise<IssuedToken>) => TokenHolder;

const MAX_RENEWAL_LEAD_MS = 5 * 60 * 1000;
const RENEWAL_LEAD_RATIO = 0.1;

/**
 * When a token is to be replaced: ahead of its end by a tenth of its life, at most five minutes, times
 * `lead`. Holders that share a token choose leads of their own, so that they do not all come at once.
 * All in epoch ms.
 */
export function renewalTime(requestedAt: number, expiresAt: number, leadFactor = 1): number {
  const leadMs = Math.min((expiresAt - requestedAt) * RENEWAL_LEAD_RATIO, MAX_RENEWAL_LEAD_MS);
  return expiresAt - leadMs * leadFactor;
}

interface CachedToken extends AccessToken {
  refreshAt: number;
}

/** A token's times, counted from before it was asked for, so that it is never thought younger than it is. */
function toCachedToken({ value, expiresIn }: IssuedToken, requestedAt: number): CachedToken {
  const expiresAt = requestedAt + expiresIn * 1000;
  return { value, expiresAt, refreshAt: renewalTime(requestedAt, expiresAt) };
}

/**
 * Holds one platform's access token for this process alone: for tools without a store, and for tokens
 * that may be held by several. The lifetime is what the platform says (`expires_in`) and nothing
 * else. At most one fetch is under way: 旭宇 takes back the older token when it gives a new one
 * (access document, section 获取access_token), so two fetches would void each other.
 */
export function createTokenHolder({ fetchToken, clock }: TokenHolderOptions): TokenHolder {
  let cached: CachedToken | undefined;
  let pendingFetch: Promise<CachedToken> | undefined;

  async function fetchAndCache(): Promise<CachedToken> {
    const requestedAt = clock();
    cached = toCachedToken(await fetchToken(), requestedAt);
    return cached;
  }

  function renew(): Promise<CachedToken> {
    pendingFetch ??= fetchAndCache().finally(() => {
      pendingFetch = undefined;
    });
    return pendingFetch;
  }

  return {
    async current() {
      const cachedToken = cached;
      const now = clock();
      if (cachedToken === undefined || now >= cachedToken.expiresAt) return renew();
      if (now < cachedToken.refreshAt) return cachedToken;
      // Refreshing ahead of time may fail without harm: the token in hand is still good.
      return renew().catch(() => cachedToken);
    },
    async refresh(refusedToken) {
      if (cached !== undefined && cached.value !== refusedToken) return cached;
      cached = undefined;
      return renew();
    },
  };
}
