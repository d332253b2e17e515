import Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { jsonBody } from '../request-body';
import type { Simulator } from '../simulator';
import { createSession, consumeLoginCode, type Session } from './login';
import { stableToken } from './stable-token';

/**
 * api.weixin.qq.com: the mini-program's login (小程序登录, code2Session) and access token. Refusals come with
 * HTTP 200 and an errcode (全局返回码).
 */
const errors = {
  busy: [-1, 'system error'],
  grantType: [40002, 'invalid grant_type'],
  appid: [40013, 'invalid appid'],
  code: [40029, 'invalid code'],
  secret: [40125, 'invalid appsecret'],
  blocked: [40226, 'code blocked'],
  appidMissing: [41002, 'appid missing'],
  secretMissing: [41004, 'appsecret missing'],
  codeMissing: [41008, 'missing code'],
  tooOften: [45009, 'reach max api daily quota limit'],
  tooFast: [45011, 'api minute-quota reach limit must slower retry next minute'],
  notJson: [47001, 'data format error'],
} as const satisfies Record<string, readonly [number, string]>;

type ErrorName = keyof typeof errors;

const EXCHANGES_A_MINUTE = 100;
const MINUTE_MS = 60_000;

function errorReply(name: ErrorName) {
  const [errcode, errmsg] = errors[name];
  return { errcode, errmsg };
}

/** Counts a user's logins in the current minute of sandbox time. */
function createLoginLimit(now: () => number) {
  const counts = new Map<string, { minute: number; count: number }>();
  return (openId: string): boolean => {
    const minute = Math.floor(now() / MINUTE_MS);
    const before = counts.get(openId);
    const count = before?.minute === minute ? before.count + 1 : 1;
    counts.set(openId, { minute, count });
    return count <= EXCHANGES_A_MINUTE;
  };
}

interface AppCredentials {
  appid: string;
  secret: string;
}

/** Checks the credentials of the mini-program. */
function accountError(
  simulator: Simulator,
  { appid, secret }: AppCredentials,
): ErrorName | undefined {
  if (simulator.state.faults.wechatBusy) return 'busy';
  if (appid === '') return 'appidMissing';
  if (appid !== simulator.credentials.appId) return 'appid';
  if (secret === '') return 'secretMissing';
  return secret === simulator.credentials.appSecret ? undefined : 'secret';
}

const text = z.string().catch('');
const loginQuery = z.object({ appid: text, secret: text, js_code: text, grant_type: text });
const tokenBody = z.object({
  grant_type: text,
  appid: text,
  secret: text,
  force_refresh: z.boolean().catch(false),
});

function login(
  simulator: Simulator,
  isWithinLimit: (openId: string) => boolean,
  query: unknown,
): Session | ErrorName {
  const request = loginQuery.parse(query);
  const error = accountError(simulator, request);
  if (error) return error;
  if (request.js_code === '') return 'codeMissing';
  if (request.grant_type !== 'authorization_code') return 'grantType';
  const codeResult = consumeLoginCode(simulator, request.js_code);
  if (codeResult === 'invalid') return 'code';
  if (codeResult === 'blocked') return 'blocked';
  return isWithinLimit(codeResult.openId) ? createSession(simulator, codeResult.openId) : 'tooFast';
}

function issueStableToken(simulator: Simulator, body: unknown) {
  const parsed = tokenBody.safeParse(body);
  if (!parsed.success) return errorReply('notJson');
  const request = parsed.data;
  const error = accountError(simulator, request);
  if (error) return errorReply(error);
  if (request.grant_type !== 'client_credential') return errorReply('grantType');
  const answer = stableToken(simulator, request.force_refresh);
  if (!('refused' in answer)) return answer;
  return errorReply(answer.refused === 'tooOften' ? 'tooOften' : 'tooFast');
}

/** The operations of api.weixin.qq.com that a BFF calls. */
export function wechatRoutes(simulator: Simulator): Router {
  const router = new Router();
  const isWithinLimit = createLoginLimit(() => simulator.now());
  router.get('/sns/jscode2session', (ctx: Context) => {
    const outcome = login(simulator, isWithinLimit, ctx.query);
    // WeChat itself sends JSON with this content type.
    ctx.body = typeof outcome === 'string' ? errorReply(outcome) : outcome;
    ctx.type = 'text/plain';
  });
  router.post('/cgi-bin/stable_token', jsonBody(), (ctx) => {
    ctx.body = issueStableToken(simulator, ctx.request.body);
  });
  return router;
}
