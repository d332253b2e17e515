import { z } from 'zod';
import { PlatformUnavailable } from '../ports';
import type { IdentityProvider, LoginResult } from '../ports';
import { formatMessage } from './client';
import type { Warn, WechatClient } from './client';
import { meaningOf } from './error-codes';

const OPERATION = 'code2session';

const openid = z.string().regex(/^[0-9A-Za-z_-]{1,128}$/);
/** The session key is a secret, so it is not even read. */
const session = z.object({ openid, unionid: openid.nullish() });

export interface IdentityOptions {
  client: WechatClient;
  appId: string;
  appSecret: string;
  warn: Warn;
}

/** @throws PlatformUnavailable unless the login code or its user is to blame */
function toLoginResult(errcode: number, warn: Warn): LoginResult {
  const meaning = meaningOf(errcode);
  if (meaning === 'codeInvalid' || meaning === 'blocked') {
    return { outcome: 'refused', reason: meaning };
  }
  if (meaning === 'misconfigured' || meaning === 'unlisted') {
    warn('WeChat refuses our sign-in calls', { operation: OPERATION, errcode, meaning });
  }
  throw new PlatformUnavailable(formatMessage(OPERATION, `errcode ${String(errcode)}`));
}

/** Exchanges a login code at WeChat itself: `GET /sns/jscode2session` (登录凭证校验 code2Session). */
async function exchangeCode(
  { client, appId, appSecret, warn }: IdentityOptions,
  code: string,
): Promise<LoginResult> {
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
      // A code can be used once. After a lost answer, the customer has to sign in again.
      idempotent: false,
    },
    session,
  );
  if (answer.outcome === 'refused') return toLoginResult(answer.errcode, warn);
  const { openid: id, unionid } = answer.data;
  return { outcome: 'done', openid: id, unionid: unionid ?? null };
}

export function createIdentity(options: IdentityOptions): IdentityProvider {
  return { appId: options.appId, exchangeCode: (code) => exchangeCode(options, code) };
}
