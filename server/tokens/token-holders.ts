import type { TokenHolderFactory } from '../platforms/token-holder';
import { defaultUpstreamLimits } from '../platforms/upstream-policies';
import type { Store } from '../store/store';
import type { TokenObserver } from './replace-token';
import type { SharedTokenHolder } from './shared-token-holder';
import { createSharedTokenHolder } from './shared-token-holder';
import { createTokenJob } from './token-job';
import type { TokenCipherOptions } from './token-cipher';
import { createTokenCipher } from './token-cipher';

export interface TokenHoldersParts {
  store: Store;
  /** Epoch milliseconds. */
  clock: () => number;
  observer: TokenObserver;
}

/** The holders of all tokens that processes share through the store. */
export function createTokenHolders({ store, clock, observer }: TokenHoldersParts) {
  const holders: Record<string, SharedTokenHolder> = {};
  return {
    /** How a platform's token is held. */
    factory(cipherOptions: TokenCipherOptions): TokenHolderFactory {
      const { platform } = cipherOptions;
      return (fetchToken) =>
        (holders[platform] = createSharedTokenHolder({
          ...{ platform, store, clock, observer, fetchToken },
          cipher: createTokenCipher(cipherOptions),
          fetchTimeoutMs: defaultUpstreamLimits.totalTimeout,
        }));
    },
    /** By platform. */
    holders,
    renew: createTokenJob({ clock, holders }),
    /** Waits for what is under way, so that no other process waits for a lease of ours. */
    async close(): Promise<void> {
      await Promise.all(Object.values(holders).map((holder) => holder.close()));
    },
  };
}

export type TokenHolders = ReturnType<typeof createTokenHolders>;
