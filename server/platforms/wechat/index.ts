import type { IdentityProvider } from '../ports';
import { createTokenHolder } from '../token-holder';
import type { TokenHolder } from '../token-holder';
import { createUpstreamHttp } from '../upstream-http';
import type { UpstreamCall } from '../upstream-http';
import { defaultUpstreamLimits } from '../upstream-policies';
import type { UpstreamLimits } from '../upstream-policies';
import { createAccessTokenClient } from './access-token';
import { createWechatClient } from './client';
import type { Warn } from './client';
import { createIdentity } from './identity';

export interface WechatOptions {
  /** Origin of WeChat's API. */
  apiUrl: string;
  /** The mini-program and its secret. */
  appId: string;
  appSecret: string;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Sees every HTTP exchange, for metrics and logs. */
  onCall?: ((call: UpstreamCall) => void) | undefined;
  /** Sees what an operator should look into. */
  warn?: Warn | undefined;
  limits?: Partial<UpstreamLimits> | undefined;
}

export interface Wechat {
  identity: IdentityProvider;
  /** The access token of the mini-program's server calls. */
  accessToken: TokenHolder;
  /**
   * Whether WeChat takes our app id and secret, to be asked at start.
   * @throws PlatformUnavailable where it does not say.
   */
  verify(): Promise<'ok' | 'refused'>;
  /** Breaks off what is under way and lets go of every connection. */
  close(): Promise<void>;
}

const ignoreWarnings: Warn = () => undefined;

/** WeChat itself, filling the port for sign-in. */
export function createWechat(options: WechatOptions): Wechat {
  const { apiUrl, appId, appSecret, clock, onCall, limits, warn = ignoreWarnings } = options;
  const { retries, retryPause } = { ...defaultUpstreamLimits, ...limits };
  const http = createUpstreamHttp({ platform: 'wechat', origin: apiUrl, onCall, limits });
  const client = createWechatClient({ http, retries, retryPause });
  const tokens = createAccessTokenClient({ client, appId, appSecret });
  return {
    identity: createIdentity({ client, appId, appSecret, warn }),
    accessToken: createTokenHolder({ fetchToken: tokens.fetchToken, clock }),
    verify: tokens.verify,
    close: http.close,
  };
}
