import { setTimeout as sleep } from 'node:timers/promises';
import { renewalTime } from '../platforms/token-holder';
import type { IssuedToken, TokenHolder } from '../platforms/token-holder';
import type { TokenRow } from '../store/schema';
import type { Store } from '../store/store';
import { createTokenReplacer } from './replace-token';
import type { HeldToken, TokenSnapshot, TokenObserver } from './replace-token';
import { readTokenRow, invalidateToken } from './token-queries';
import type { TokenCipher } from './token-cipher';

export interface SharedTokenHolderOptions {
  /** Names the token in the store and in errors. */
  platform: string;
  store: Store;
  cipher: TokenCipher;
  /** Asks the token server; whatever it throws reaches those who wait in this process. */
  fetchToken: () => Promise<IssuedToken>;
  /** The longest that takes, in ms: a lease lasts a little longer. */
  fetchTimeoutMs: number;
  /** Epoch milliseconds. */
  clock: () => number;
  /** From 0 to 1; spreads the processes. */
  random?: () => number;
  pause?: (milliseconds: number) => Promise<void>;
  observer?: TokenObserver;
}

export interface SharedTokenHolder extends TokenHolder {
  /**
   * Replaces the token if its time has come, whether anybody needs it or not.
   * @returns when to look again (epoch ms); null where there is no token to be kept.
   * @throws PlatformUnavailable, or what `fetchToken` threw, where no other could be had.
   */
  renewIfDue(): Promise<number | null>;
  /** Waits for a request of ours that is under way, so that nobody waits for its lease; for no other's. */
  close(): Promise<void>;
}

/** For how long a token is used without a look at the store: so long another process may have replaced it. */
const CHECK_INTERVAL_MS = 5_000;
/** While its replacement is due, or the store does not answer. */
const SHORT_CHECK_INTERVAL_MS = 1_000;

const noopObserver: TokenObserver = { refreshed: () => undefined, waited: () => undefined };

function sleepFor(milliseconds: number): Promise<void> {
  return sleep(milliseconds);
}

/** Runs what has the same key once at a time; who comes meanwhile gets the same result. */
function createSingleFlight() {
  const inFlight = new Map<string, Promise<HeldToken>>();
  return {
    run(key: string, start: () => Promise<HeldToken>): Promise<HeldToken> {
      const inFlightTask = inFlight.get(key);
      if (inFlightTask) return inFlightTask;
      const task = start().finally(() => inFlight.delete(key));
      inFlight.set(key, task);
      return task;
    },
    async waitForAll(): Promise<void> {
      while (inFlight.size > 0) await Promise.allSettled(inFlight.values());
    },
  };
}

/**
 * Holds one platform's access token for all processes that share a store. A token that another process
 * has replaced costs whoever still uses it one 401: `refresh` then finds the newer one in the store. While
 * a token is good, nobody waits for the next one.
 */
export function createSharedTokenHolder(options: SharedTokenHolderOptions): SharedTokenHolder {
  const { platform, store, cipher, clock } = options;
  const { random = Math.random, pause = sleepFor, observer = noopObserver } = options;
  const lead = 1 + random();
  const singleFlight = createSingleFlight();
  let cachedToken: HeldToken | undefined;
  let nextCheckAt = 0;
  let isClosing = false;

  function read(row: TokenRow): HeldToken | undefined {
    const { generation, sealed, asked_at: askedAt, expires_at: expiresAt } = row;
    if (sealed === null || askedAt === null || expiresAt === null) return undefined;
    const value = clock() < expiresAt ? cipher.decrypt(sealed, generation) : undefined;
    if (value === undefined) return undefined;
    return { value, expiresAt, generation, renewAt: renewalTime(askedAt, expiresAt, lead) };
  }

  async function readFromStore(): Promise<TokenSnapshot> {
    const row = await readTokenRow(store, platform);
    const now = clock();
    cachedToken = row && read(row);
    const interval =
      cachedToken && now >= cachedToken.renewAt ? SHORT_CHECK_INTERVAL_MS : CHECK_INTERVAL_MS;
    nextCheckAt = Math.min(now + interval, cachedToken?.expiresAt ?? 0);
    return { row, token: cachedToken };
  }

  const replaceToken = createTokenReplacer(
    { ...options, random, pause, observer, isClosing: () => isClosing },
    readFromStore,
  );

  function replace(generation: number): Promise<HeldToken> {
    return singleFlight.run(`replace ${String(generation)}`, () => replaceToken(generation));
  }

  async function checkAndRenew(): Promise<HeldToken> {
    const { row, token } = await readFromStore();
    if (!token) return replace(row?.generation ?? 0);
    // Refreshing ahead of time may fail without harm: the token in hand is still good.
    if (clock() >= token.renewAt) replace(token.generation).catch(() => undefined);
    return token;
  }

  async function readOrRenew(): Promise<HeldToken> {
    const before = cachedToken;
    try {
      return await checkAndRenew();
    } catch (error) {
      // Where the store does not answer, the token in hand is as good as it was.
      if (!before || before !== cachedToken || clock() >= before.expiresAt) throw error;
      nextCheckAt = Math.min(clock() + SHORT_CHECK_INTERVAL_MS, before.expiresAt);
      return before;
    }
  }

  async function replaceRefused(refused: string): Promise<HeldToken> {
    const { row, token } = await readFromStore();
    if (token && token.value !== refused) return token;
    if (token) {
      cachedToken = undefined;
      await invalidateToken(store, platform, token.generation);
    }
    return replace(row?.generation ?? 0);
  }

  return {
    async current() {
      return cachedToken && clock() < nextCheckAt
        ? cachedToken
        : singleFlight.run('current', readOrRenew);
    },
    refresh: (refused) => singleFlight.run(`refuse ${refused}`, () => replaceRefused(refused)),
    async renewIfDue() {
      const { row, token } = await readFromStore();
      if (!row || row.generation === 0) return null;
      const current = token && clock() < token.renewAt ? token : await replace(row.generation);
      return current.renewAt;
    },
    close() {
      isClosing = true;
      return singleFlight.waitForAll();
    },
  };
}
