import { z } from 'zod';
import { statedLifetime } from '../bearer-token';
import { PlatformUnavailable } from '../ports';
import type { IssuedToken } from '../token-holder';
import type { UpstreamRequest } from '../upstream-http';
import { formatMessage } from './client';
import type { WechatAnswer, WechatClient } from './client';
import { meaningOf } from './error-codes';

const OPERATION = 'stable_token';

const token = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,2048}$/),
  expires_in: statedLifetime,
});

export interface AccessTokenClient {
  /** @throws PlatformUnavailable */
  fetchToken(): Promise<IssuedToken>;
  /**
   * Whether WeChat accepts our app id and secret.
   * @throws PlatformUnavailable if no usable answer came
   */
  verify(): Promise<'ok' | 'refused'>;
}

interface AccessTokenOptions {
  client: WechatClient;
  appId: string;
  appSecret: string;
}

/**
 * Requests the mini-program's access token: `POST /cgi-bin/stable_token` (获取稳定版接口调用凭据). It returns
 * the same token while that is valid, so that several processes do not revoke each other's token. A new token
 * is never forced, because WeChat allows that only twenty times a day.
 */
function requestToken({
  client,
  appId,
  appSecret,
}: AccessTokenOptions): Promise<WechatAnswer<z.output<typeof token>>> {
  const fields = {
    grant_type: 'client_credential',
    appid: appId,
    secret: appSecret,
    force_refresh: false,
  };
  const request: UpstreamRequest = {
    operation: OPERATION,
    method: 'POST',
    path: '/cgi-bin/stable_token',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fields),
    idempotent: true,
  };
  return client.request(request, token);
}

function refusedError(errcode: number): PlatformUnavailable {
  return new PlatformUnavailable(formatMessage(OPERATION, `errcode ${String(errcode)}`));
}

export function createAccessTokenClient(options: AccessTokenOptions): AccessTokenClient {
  return {
    async fetchToken() {
      const answer = await requestToken(options);
      if (answer.outcome === 'refused') throw refusedError(answer.errcode);
      return { value: answer.data.access_token, expiresIn: answer.data.expires_in };
    },
    async verify() {
      const answer = await requestToken(options);
      if (answer.outcome === 'done') return 'ok';
      if (meaningOf(answer.errcode) === 'misconfigured') return 'refused';
      throw refusedError(answer.errcode);
    },
  };
}
