import type { SingleFlight } from '../lib/single-flight';
import { createSingleFlight } from '../lib/single-flight';
import type { AccessToken, IssuedToken } from '../platforms/token-holder';
import type { Store } from '../store/store';
import type { TokenCipher } from './token-cipher';

/** The outcome of a lease: a new token, none, or one that arrived after the lease had expired. */
type RefreshOutcome = 'obtained' | 'failed' | 'late';

/** Observes what happens to tokens, for metrics. */
export interface TokenObserver {
  refreshed(platform: string, outcome: RefreshOutcome): void;
  /** A caller waited for a token, in ms. */
  waited(platform: string, milliseconds: number): void;
}

export interface HeldToken extends AccessToken {
  /** Counts the tokens of a platform; each replacement increments it. */
  generation: number;
  /** When the token should be replaced, epoch ms. */
  renewAt: number;
}

/** What this process remembers about one platform's token. */
export interface TokenState {
  cached: HeldToken | undefined;
  /** When the cached token must be compared with the store, epoch ms. */
  nextCheckAt: number;
  isClosing: boolean;
  /** Shares one task among concurrent callers. */
  singleFlight: SingleFlight<HeldToken>;
  /** The tasks in flight. */
  pending: Set<Promise<HeldToken>>;
}

export interface TokenContext {
  platform: string;
  store: Store;
  cipher: TokenCipher;
  /** Requests a token from the token server; what it throws reaches the callers that wait for it. */
  fetchToken: () => Promise<IssuedToken>;
  /** The timeout of `fetchToken`, in ms. */
  fetchTimeoutMs: number;
  /** Epoch ms. */
  clock: () => number;
  /** From 0 to 1. */
  random: () => number;
  pause: (milliseconds: number) => Promise<void>;
  observer: TokenObserver;
  /** Multiplies the time before expiry at which a token is renewed, so that processes differ. */
  renewalLead: number;
  state: TokenState;
}

export function createTokenState(): TokenState {
  return {
    cached: undefined,
    nextCheckAt: 0,
    isClosing: false,
    singleFlight: createSingleFlight(),
    pending: new Set(),
  };
}

/** Runs a task once for all concurrent callers with the same key, and tracks it until it has ended. */
export function runOnce(
  { singleFlight, pending }: TokenState,
  key: string,
  task: () => Promise<HeldToken>,
): Promise<HeldToken> {
  const flight = singleFlight(key, task);
  pending.add(flight);
  const remove = () => pending.delete(flight);
  flight.then(remove, remove);
  return flight;
}
