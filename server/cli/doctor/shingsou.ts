import type { CheckResult } from './finding';
import { bad, none, ok } from './finding';
import { checkHost } from './host';
import { createShingsou } from '../../platforms/shingsou';
import type { Shingsou } from '../../platforms/shingsou';
import { TOKEN_FORM_WARNING } from '../../platforms/shingsou/token-client';
import type { Settings } from '../../settings';
import type { ShingsouAccount } from '../../settings/accounts';
import { attempt } from './attempt';
import { missingPermissions } from './shingsou-scopes';

const UNKNOWN_ID = { kind: 'iccid', value: '89860099999999999999' } as const;
const UNAUTHORISED = 401;
const FORBIDDEN = 403;

const scopeAdvice = {
  'zh-CN': 'SHINGSOU_SCOPE 缺少所需权限：在旭宇开放平台为应用勾选并写进 SHINGSOU_SCOPE',
  en: 'SHINGSOU_SCOPE lacks what is needed: grant it in the developer portal and name it there',
};

/** A token is asked for; the answer tells credentials and scope apart. */
async function checkToken({ tokens }: Shingsou): Promise<CheckResult> {
  const token = await attempt(() => tokens.current());
  if ('value' in token) return ok('credentials');
  if (/\binvalid_scope\b/.test(token.problem)) return bad('scopes', scopeAdvice, 'invalid_scope');
  const advice = {
    'zh-CN': '没有拿到令牌：检查 SHINGSOU_CLIENT_ID 与 SHINGSOU_CLIENT_SECRET',
    en: 'no token: look at SHINGSOU_CLIENT_ID and SHINGSOU_CLIENT_SECRET',
  };
  return bad('credentials', advice, token.problem);
}

/** @param fittingForm the form that the token server reads, if it is not the configured one */
function checkTokenForm(fittingForm: string | undefined): CheckResult {
  if (fittingForm === undefined) return ok('tokenForm');
  const setting = `SHINGSOU_TOKEN_FORM=${fittingForm}`;
  const advice = {
    'zh-CN': `令牌服务不接受当前格式，换一种才成功：设置 ${setting}`,
    en: `the token server refused the configured form and read another one: set ${setting}`,
  };
  return bad('tokenForm', advice);
}

/**
 * The gateway answers 401 for a wrong subscription key as for a wrong token (access document, 错误排查). A token
 * that was given a moment ago is not wrong: then it is the key.
 */
async function checkGateway(
  { cards }: Shingsou,
  lastStatus: () => number | undefined,
): Promise<CheckResult> {
  const found = await attempt(() => cards.find(UNKNOWN_ID));
  if ('value' in found) return ok('subscriptionKey');
  if (lastStatus() === FORBIDDEN) return bad('scopes', scopeAdvice, 'HTTP 403');
  if (lastStatus() === UNAUTHORISED) {
    const advice = {
      'zh-CN': '刚取得的令牌仍被拒绝：SHINGSOU_SUBSCRIPTION_KEY 不对或未订阅',
      en: 'a fresh token is refused: SHINGSOU_SUBSCRIPTION_KEY is wrong, or not subscribed',
    };
    return bad('subscriptionKey', advice, 'HTTP 401');
  }
  const advice = { 'zh-CN': '网关没有可用的应答，看不出', en: 'no usable answer of the gateway' };
  return none('subscriptionKey', advice, found.problem);
}

function checkScopes({ scope }: ShingsouAccount, settings: Settings): CheckResult {
  const missing = missingPermissions(scope, {
    cards: settings.cards.platforms.includes('shingsou'),
    payments: settings.payment.channel === 'shingsou',
    login: settings.login.provider === 'shingsou',
  });
  return missing.length === 0 ? ok('scopes') : bad('scopes', scopeAdvice, missing.join(' '));
}

async function checkAccount(account: ShingsouAccount, settings: Settings, clock: () => number) {
  let status: number | undefined;
  let fittingForm: string | undefined;
  const shingsou = createShingsou({
    ...account,
    appId: settings.wechat.appId,
    // Nothing is ordered here.
    notifyUrl: 'https://liuka.invalid',
    clock,
    onCall: (call) => {
      status = call.status;
    },
    warn: (message, { fits }) => {
      if (message === TOKEN_FORM_WARNING) fittingForm = String(fits);
    },
  });
  try {
    const token = await checkToken(shingsou);
    if (token.state !== 'ok') return [token];
    const results = [await checkGateway(shingsou, () => status), checkScopes(account, settings)];
    return [token, checkTokenForm(fittingForm), ...results];
  } finally {
    await shingsou.close();
  }
}

/** 旭宇: both hosts, then token, key and scope. A token asked for here ends the one that was valid before. */
export async function checkShingsou(
  account: ShingsouAccount,
  settings: Settings,
  clock: () => number,
): Promise<CheckResult[]> {
  const hosts = [...new Set([account.idsUrl, account.apiUrl])];
  const results = (await Promise.all(hosts.map((host) => checkHost(host, clock)))).flat();
  const isReachable = results.every(({ check, state }) => check !== 'reachable' || state === 'ok');
  return isReachable ? [...results, ...(await checkAccount(account, settings, clock))] : results;
}
