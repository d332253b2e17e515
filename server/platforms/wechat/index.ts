import type { IdentityProvider } from '../ports';
import { createTokenHolder } from '../token-holder';
import type { TokenHolder } from '../token-holder';
import { createUpstreamHttp } from '../upstream-http';
import type { UpstreamCall } from '../upstream-http';
import { defaultUpstreamLimits } from '../upstream-policies';
import type { UpstreamLimits } from '../upstream-policies';
import { ignoreWarnings } from '../warn';
import type { Warn } from '../warn';
import { createAccessTokenClient } from './access-token';
import { createWechatClient } from './client';
import { createIdentity } from './identity';

export interface WechatOptions {
  /** Origin of WeChat's API. */
  apiUrl: string;
  /** The mini-program and its secret. */
  appId: string;
  appSecret: string;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Called after every HTTP exchange, for metrics and logs. */
  onCall?: ((call: UpstreamCall) => void) | undefined;
  /** Called with problems an operator should look into. */
  warn?: Warn | undefined;
  limits?: Partial<UpstreamLimits> | undefined;
}

export interface Wechat {
  identity: IdentityProvider;
  /** The access token of the mini-program's server calls. */
  accessToken: TokenHolder;
  /**
   * Whether WeChat accepts our app id and secret, for a check at startup.
   * @throws PlatformUnavailable if no usable answer came
   */
  verify(): Promise<'ok' | 'refused'>;
  /** Aborts calls in flight and closes every connection. */
  close(): Promise<void>;
}

/** WeChat itself as an identity provider. */
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
