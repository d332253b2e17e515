import type { Logger } from 'pino';
import type { JobHandler } from '../jobs/worker';
import { PlatformUnavailable } from '../platforms/ports';
import type { AccessToken, TokenHolder } from '../platforms/token-holder';
import { ApiError } from '../lib/api-error';

export type TokenUse = 'read' | 'refresh';
export type TokenUseResult = 'given' | 'unavailable' | 'unknownPlatform';

/** The tokens there are. */
export interface TokenParts {
  /** By the platform's name. */
  holders: Readonly<Record<string, TokenHolder>>;
  /** Renews what is due, by platform. */
  renew: JobHandler;
  /** Counts what other servers ask for. */
  recordUse(platform: string, use: TokenUse, result: TokenUseResult): void;
}

/** Where there are none. */
export const noTokens: TokenParts = {
  holders: {},
  renew: () => Promise.resolve(null),
  recordUse: () => undefined,
};

/** Which server asks, as far as we know. */
export interface TokenCaller {
  requestId: string;
  ip: string;
}

export type TokenService = ReturnType<typeof createTokenService>;

const RETRY_SECONDS = 5;

/**
 * Hands tokens to the operator's other servers, so that they never ask a platform themselves: with 旭宇
 * their token would end ours (access document, 获取access_token, 1 and 3). Each use is in the log.
 */
export function createTokenService({ holders, recordUse, log }: TokenParts & { log: Logger }) {
  function requireHolder(platform: string, use: TokenUse): TokenHolder {
    const holder = Object.hasOwn(holders, platform) ? holders[platform] : undefined;
    if (holder) return holder;
    // Under one name: what callers write must not become labels without end.
    recordUse('unknown', use, 'unknownPlatform');
    throw new ApiError('token.platform_unknown');
  }

  async function provideToken(
    { platform, use, caller }: { platform: string; use: TokenUse; caller: TokenCaller },
    getToken: (holder: TokenHolder) => Promise<AccessToken>,
  ): Promise<AccessToken> {
    const holder = requireHolder(platform, use);
    const record = (result: TokenUseResult) => {
      recordUse(platform, use, result);
      const { requestId, ip } = caller;
      log.info({ requestId, ip, platform, use, result }, 'another server asked for a token');
    };
    try {
      const token = await getToken(holder);
      record('given');
      return token;
    } catch (error) {
      record('unavailable');
      if (!(error instanceof PlatformUnavailable)) throw error;
      throw new ApiError('platform.unavailable', {
        cause: error,
        retryAfterSeconds: RETRY_SECONDS,
      });
    }
  }

  return {
    /** @throws ApiError `token.platform_unknown`, `platform.unavailable` */
    read: (platform: string, caller: TokenCaller) =>
      provideToken({ platform, use: 'read', caller }, (holder) => holder.current()),
    /**
     * Another token than the one that failed, which is replaced only if it is still the current one.
     * @throws ApiError `token.platform_unknown`, `platform.unavailable`
     */
    refresh: (platform: string, failedToken: string, caller: TokenCaller) =>
      provideToken({ platform, use: 'refresh', caller }, (holder) => holder.refresh(failedToken)),
  };
}
