import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenHolder } from '../platforms/token-holder';
import type { TokenContext, TokenObserver } from './token-context';
import { createTokenState } from './token-context';
import { currentToken, refreshToken, renewTokenIfDue } from './use-token';

/** The required parts of the context; the others have defaults, which tests replace. */
export type SharedTokenHolderOptions = Omit<
  TokenContext,
  'random' | 'pause' | 'observer' | 'renewalLead' | 'state'
> &
  Partial<Pick<TokenContext, 'random' | 'pause' | 'observer'>>;

export interface SharedTokenHolder extends TokenHolder {
  /** See `renewTokenIfDue`. */
  renewIfDue(): Promise<number | null>;
  /** Waits for the requests of this process, so that no other process must wait for its lease to expire. */
  close(): Promise<void>;
}

const noopObserver: TokenObserver = { refreshed: () => undefined, waited: () => undefined };

function sleepFor(milliseconds: number): Promise<void> {
  return sleep(milliseconds);
}

async function closeHolder({ state }: TokenContext): Promise<void> {
  state.isClosing = true;
  while (state.pending.size > 0) await Promise.allSettled(state.pending);
}

/**
 * Holds one platform's access token for all processes that share a store. After one process has replaced the
 * token, each of the others gets one 401 at most: its `refresh` then finds the new token in the store.
 * While a token is valid, no caller waits for the next one.
 */
export function createSharedTokenHolder(options: SharedTokenHolderOptions): SharedTokenHolder {
  const { random = Math.random, pause = sleepFor, observer = noopObserver } = options;
  const context: TokenContext = {
    ...options,
    random,
    pause,
    observer,
    renewalLead: 1 + random(),
    state: createTokenState(),
  };
  return {
    current: () => currentToken(context),
    refresh: (refused) => refreshToken(context, refused),
    renewIfDue: () => renewTokenIfDue(context),
    close: () => closeHolder(context),
  };
}
