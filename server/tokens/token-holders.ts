import type { TokenHolderFactory } from '../platforms/token-holder';
import { defaultUpstreamLimits } from '../platforms/upstream-policies';
import type { Store } from '../store/store';
import { renewToken } from './renew-token';
import type { SharedTokenHolder } from './shared-token-holder';
import { createSharedTokenHolder } from './shared-token-holder';
import type { TokenCipherOptions } from './token-cipher';
import { createTokenCipher } from './token-cipher';
import type { TokenObserver } from './token-context';

export interface TokenHoldersParts {
  store: Store;
  /** Epoch ms. */
  clock: () => number;
  observer: TokenObserver;
}

/** Makes the holders of all tokens that processes share through the store. */
export function createTokenHolders({ store, clock, observer }: TokenHoldersParts) {
  const holders: Record<string, SharedTokenHolder> = {};
  return {
    /** The factory of the holder of one platform's token. */
    factory(cipherOptions: TokenCipherOptions): TokenHolderFactory {
      const { platform } = cipherOptions;
      return (fetchToken) =>
        (holders[platform] = createSharedTokenHolder({
          platform,
          store,
          clock,
          observer,
          fetchToken,
          cipher: createTokenCipher(cipherOptions),
          fetchTimeoutMs: defaultUpstreamLimits.totalTimeout,
        }));
    },
    /** By platform. */
    holders,
    /** The handler of the job that renews a platform's token. */
    renew: (platform: string) => renewToken({ clock, holders }, platform),
    /** Waits for the requests in flight, so that no other process must wait for a lease to expire. */
    async close(): Promise<void> {
      await Promise.all(Object.values(holders).map((holder) => holder.close()));
    },
  };
}

export type TokenHolders = ReturnType<typeof createTokenHolders>;
