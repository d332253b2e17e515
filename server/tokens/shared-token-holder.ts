import { setTimeout as sleep } from 'node:timers/promises';
import { renewalTime } from '../platforms/token-holder';
import type { IssuedToken, TokenHolder } from '../platforms/token-holder';
import type { TokenRow } from '../store/schema';
import type { Store } from '../store/store';
import { createTokenReplacer } from './replace-token';
import type { HeldToken, TokenView, TokenWatch } from './replace-token';
import { readTokenRow, voidToken } from './token-queries';
import type { TokenCipher } from './token-seal';

export interface SharedTokenHolderOptions {
  /** Names the token in the store and in errors. */
  platform: string;
  store: Store;
  cipher: TokenCipher;
  /** Asks the token server; whatever it throws reaches those who wait in this process. */
  fetchToken: () => Promise<IssuedToken>;
  /** The longest that takes, in ms: a lease lasts a little longer. */
  fetchMs: number;
  /** Epoch milliseconds. */
  clock: () => number;
  /** From 0 to 1; spreads the processes. */
  random?: () => number;
  pause?: (milliseconds: number) => Promise<void>;
  watch?: TokenWatch;
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
const LOOK_MS = 5_000;
/** While its replacement is due, or the store does not answer. */
const LOOK_SOON_MS = 1_000;

const unwatched: TokenWatch = { refreshed: () => undefined, waited: () => undefined };

function sleepFor(milliseconds: number): Promise<void> {
  return sleep(milliseconds);
}

/** Runs what has the same key once at a time; who comes meanwhile gets the same result. */
function createFlights() {
  const flights = new Map<string, Promise<HeldToken>>();
  return {
    join(key: string, start: () => Promise<HeldToken>): Promise<HeldToken> {
      const underWay = flights.get(key);
      if (underWay) return underWay;
      const flight = start().finally(() => flights.delete(key));
      flights.set(key, flight);
      return flight;
    },
    async landed(): Promise<void> {
      while (flights.size > 0) await Promise.allSettled(flights.values());
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
  const { random = Math.random, pause = sleepFor, watch = unwatched } = options;
  const lead = 1 + random();
  const flights = createFlights();
  let held: HeldToken | undefined;
  let lookAt = 0;
  let isClosing = false;

  function read(row: TokenRow): HeldToken | undefined {
    const { generation, sealed, asked_at: askedAt, expires_at: expiresAt } = row;
    if (sealed === null || askedAt === null || expiresAt === null) return undefined;
    const value = clock() < expiresAt ? cipher.decrypt(sealed, generation) : undefined;
    if (value === undefined) return undefined;
    return { value, expiresAt, generation, renewAt: renewalTime(askedAt, expiresAt, lead) };
  }

  async function look(): Promise<TokenView> {
    const row = await readTokenRow(store, platform);
    const now = clock();
    held = row && read(row);
    const rest = held && now >= held.renewAt ? LOOK_SOON_MS : LOOK_MS;
    lookAt = Math.min(now + rest, held?.expiresAt ?? 0);
    return { row, token: held };
  }

  const replaceToken = createTokenReplacer(
    { ...options, random, pause, watch, isClosing: () => isClosing },
    look,
  );

  function replace(generation: number): Promise<HeldToken> {
    return flights.join(`replace ${String(generation)}`, () => replaceToken(generation));
  }

  async function lookAndRenew(): Promise<HeldToken> {
    const { row, token } = await look();
    if (!token) return replace(row?.generation ?? 0);
    // Refreshing ahead of time may fail without harm: the token in hand is still good.
    if (clock() >= token.renewAt) replace(token.generation).catch(() => undefined);
    return token;
  }

  async function renewed(): Promise<HeldToken> {
    const before = held;
    try {
      return await lookAndRenew();
    } catch (error) {
      // Where the store does not answer, the token in hand is as good as it was.
      if (!before || before !== held || clock() >= before.expiresAt) throw error;
      lookAt = Math.min(clock() + LOOK_SOON_MS, before.expiresAt);
      return before;
    }
  }

  async function replaceRefused(refused: string): Promise<HeldToken> {
    const { row, token } = await look();
    if (token && token.value !== refused) return token;
    if (token) {
      held = undefined;
      await voidToken(store, platform, token.generation);
    }
    return replace(row?.generation ?? 0);
  }

  return {
    async current() {
      return held && clock() < lookAt ? held : flights.join('current', renewed);
    },
    refresh: (refused) => flights.join(`refuse ${refused}`, () => replaceRefused(refused)),
    async renewIfDue() {
      const { row, token } = await look();
      if (!row || row.generation === 0) return null;
      const good = token && clock() < token.renewAt ? token : await replace(row.generation);
      return good.renewAt;
    },
    close() {
      isClosing = true;
      return flights.landed();
    },
  };
}
