import { z } from 'zod';
import { PlatformUnavailable } from '../ports';
import type { IdentityProvider, LoginResult } from '../ports';
import { formatMessage } from './client';
import type { Warn, WechatClient } from './client';
import { meaningOf } from './error-codes';

const OPERATION = 'code2session';

const openid = z.string().regex(/^[0-9A-Za-z_-]{1,128}$/);
/** The session key is not even read: it must never leave WeChat's answer. */
const session = z.object({ openid, unionid: openid.nullish() });

export interface IdentityOptions {
  client: WechatClient;
  appId: string;
  appSecret: string;
  warn: Warn;
}

/** Exchanges login codes at WeChat itself: `GET /sns/jscode2session` (登录凭证校验 code2Session). */
export function createIdentity(options: IdentityOptions): IdentityProvider {
  const { client, appId, appSecret, warn } = options;

  /** @throws PlatformUnavailable for whatever is not the fault of the code or its person */
  function toLoginResult(errcode: number): LoginResult {
    const meaning = meaningOf(errcode);
    if (meaning === 'codeInvalid' || meaning === 'blocked') {
      return { outcome: 'refused', reason: meaning };
    }
    if (meaning === 'misconfigured' || meaning === 'unlisted') {
      warn('WeChat refuses our sign-in calls', { operation: OPERATION, errcode, meaning });
    }
    throw new PlatformUnavailable(formatMessage(OPERATION, `errcode ${String(errcode)}`));
  }

  return {
    appId,
    async exchangeCode(code) {
      const answer = await client.request(
        {
          operation: OPERATION,
          method: 'GET',
          path: '/sns/jscode2session',
          query: {
            appid: appId,
            secret: appSecret,
            js_code: code,
            grant_type: 'authorization_code',
          },
          // A code is good once: whoever lost the answer must sign in anew.
          idempotent: false,
        },
        session,
      );
      if (answer.outcome === 'refused') return toLoginResult(answer.errcode);
      const { openid: id, unionid } = answer.data;
      return { outcome: 'done', openid: id, unionid: unionid ?? null };
    },
  };
}
