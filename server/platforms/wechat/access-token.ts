import { z } from 'zod';
import { PlatformUnavailable } from '../ports';
import type { IssuedToken } from '../token-holder';
import { formatMessage } from './client';
import type { WechatAnswer, WechatClient } from './client';
import { meaningOf } from './error-codes';

const OPERATION = 'stable_token';

const token = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,2048}$/),
  expires_in: z.int().positive().max(86_400),
});

export interface AccessTokenClient {
  /** @throws PlatformUnavailable */
  fetchToken(): Promise<IssuedToken>;
  /**
   * Whether WeChat takes our app id and secret.
   * @throws PlatformUnavailable where it does not say.
   */
  verify(): Promise<'ok' | 'refused'>;
}

/**
 * Gets the mini-program's access token: `POST /cgi-bin/stable_token` (获取稳定版接口调用凭据), which gives the
 * same token while it is good, so that several processes do not void each other's. It is never forced to
 * give another: that is allowed twenty times a day.
 */
export function createAccessTokenClient(options: {
  client: WechatClient;
  appId: string;
  appSecret: string;
}): AccessTokenClient {
  const { client, appId, appSecret } = options;
  const body = JSON.stringify({
    grant_type: 'client_credential',
    appid: appId,
    secret: appSecret,
    force_refresh: false,
  });

  function requestToken(): Promise<WechatAnswer<z.output<typeof token>>> {
    const headers = { 'content-type': 'application/json' };
    const path = '/cgi-bin/stable_token';
    return client.request(
      { operation: OPERATION, method: 'POST', path, headers, body, idempotent: true },
      token,
    );
  }

  function refusedError(errcode: number): PlatformUnavailable {
    return new PlatformUnavailable(formatMessage(OPERATION, `errcode ${String(errcode)}`));
  }

  return {
    async fetchToken() {
      const answer = await requestToken();
      if (answer.outcome === 'refused') throw refusedError(answer.errcode);
      return { value: answer.data.access_token, expiresIn: answer.data.expires_in };
    },
    async verify() {
      const answer = await requestToken();
      if (answer.outcome === 'done') return 'ok';
      if (meaningOf(answer.errcode) === 'misconfigured') return 'refused';
      throw refusedError(answer.errcode);
    },
  };
}
