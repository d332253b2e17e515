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

const AHEAD_MOST_MS = 5 * 60 * 1000;
const AHEAD_SHARE = 0.1;

/**
 * When a token is to be replaced: ahead of its end by a tenth of its life, at most five minutes, times
 * `lead`. Holders that share a token choose leads of their own, so that they do not all come at once.
 * All in epoch ms.
 */
export function renewalTime(askedAt: number, expiresAt: number, lead = 1): number {
  const ahead = Math.min((expiresAt - askedAt) * AHEAD_SHARE, AHEAD_MOST_MS);
  return expiresAt - ahead * lead;
}

interface Held extends AccessToken {
  refreshAt: number;
}

/** A token's times, counted from before it was asked for, so that it is never thought younger than it is. */
function hold({ value, expiresIn }: IssuedToken, askedAt: number): Held {
  const expiresAt = askedAt + expiresIn * 1000;
  return { value, expiresAt, refreshAt: renewalTime(askedAt, expiresAt) };
}

/**
 * Holds one platform's access token for this process alone: for tools without a store, and for tokens
 * that may be held by several. The lifetime is what the platform says (`expires_in`) and nothing
 * else. At most one fetch is under way: 旭宇 takes back the older token when it gives a new one
 * (access document, section 获取access_token), so two fetches would void each other.
 */
export function createTokenHolder({ fetchToken, clock }: TokenHolderOptions): TokenHolder {
  let held: Held | undefined;
  let underWay: Promise<Held> | undefined;

  async function fetchAndHold(): Promise<Held> {
    const askedAt = clock();
    held = hold(await fetchToken(), askedAt);
    return held;
  }

  function renew(): Promise<Held> {
    underWay ??= fetchAndHold().finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  return {
    async current() {
      const kept = held;
      const now = clock();
      if (kept === undefined || now >= kept.expiresAt) return renew();
      if (now < kept.refreshAt) return kept;
      // Refreshing ahead of time may fail without harm: the token in hand is still good.
      return renew().catch(() => kept);
    },
    async refresh(refusedToken) {
      if (held !== undefined && held.value !== refusedToken) return held;
      held = undefined;
      return renew();
    },
  };
}
