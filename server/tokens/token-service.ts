import type { Logger } from 'pino';
import type { JobHandler } from '../jobs/run-job';
import { ApiError } from '../lib/api-error';
import { PlatformUnavailable } from '../platforms/ports';
import type { AccessToken, TokenHolder } from '../platforms/token-holder';

export type TokenUse = 'read' | 'refresh';
export type TokenUseResult = 'given' | 'unavailable' | 'unknownPlatform';

/** The tokens that this server holds. */
export interface TokenParts {
  /** By the platform's name. */
  holders: Readonly<Record<string, TokenHolder>>;
  /** Renews a platform's token if it is due. */
  renew: JobHandler;
  /** Counts the requests of other servers. */
  recordUse(platform: string, use: TokenUse, result: TokenUseResult): void;
}

export interface TokenServiceContext extends Pick<TokenParts, 'holders' | 'recordUse'> {
  log: Logger;
}

export const noTokens: TokenParts = {
  holders: {},
  renew: () => Promise.resolve(null),
  recordUse: () => undefined,
};

/** What is known about the server that requests a token. */
export interface TokenCaller {
  requestId: string;
  ip: string;
}

const RETRY_AFTER_SECONDS = 5;

/** @throws ApiError `token.platform_unknown` */
function requireHolder(
  { holders, recordUse }: TokenServiceContext,
  platform: string,
  use: TokenUse,
): TokenHolder {
  const holder = Object.hasOwn(holders, platform) ? holders[platform] : undefined;
  if (holder) return holder;
  // Counted under one label, because callers could create any number of labels otherwise.
  recordUse('unknown', use, 'unknownPlatform');
  throw new ApiError('token.platform_unknown');
}

async function provideToken(
  context: TokenServiceContext,
  { platform, use, caller }: { platform: string; use: TokenUse; caller: TokenCaller },
  getToken: (holder: TokenHolder) => Promise<AccessToken>,
): Promise<AccessToken> {
  const holder = requireHolder(context, platform, use);
  const record = (result: TokenUseResult) => {
    const { requestId, ip } = caller;
    context.recordUse(platform, use, result);
    context.log.info({ requestId, ip, platform, use, result }, 'another server requested a token');
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
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}

/**
 * Reads a platform's current token for another server of the operator, which must not request tokens
 * itself: at 旭宇 its token would invalidate ours (access document, 获取access_token, 1 and 3).
 * @throws ApiError `token.platform_unknown`, `platform.unavailable`
 */
export function readTokenForServer(
  context: TokenServiceContext,
  platform: string,
  caller: TokenCaller,
): Promise<AccessToken> {
  return provideToken(context, { platform, use: 'read', caller }, (holder) => holder.current());
}

/**
 * Provides a token other than the failed one, which is replaced only if it is still the current one.
 * @throws ApiError `token.platform_unknown`, `platform.unavailable`
 */
export function refreshTokenForServer(
  context: TokenServiceContext,
  platform: string,
  failedToken: string,
  caller: TokenCaller,
): Promise<AccessToken> {
  return provideToken(context, { platform, use: 'refresh', caller }, (holder) =>
    holder.refresh(failedToken),
  );
}
