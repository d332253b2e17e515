import type { CheckResult } from './finding';
import { bad, ok } from './finding';
import { checkHost } from './host';
import { createWechat } from '../../platforms/wechat';
import type { Settings } from '../../settings';
import { attempt } from './attempt';

/** 获取稳定版接口调用凭据, 返回码: the caller's address is not on the list. */
const NOT_LISTED = /\berrcode 40164\b/;

async function checkToken(settings: Settings, clock: () => number): Promise<CheckResult[]> {
  const wechat = createWechat({
    apiUrl: settings.wechat.apiUrl,
    appId: settings.wechat.appId,
    appSecret: settings.wechat.appSecret ?? '',
    clock,
  });
  const token = await attempt(() => wechat.accessToken.current());
  await wechat.close();
  if ('value' in token) return [ok('credentials'), ok('allowList')];
  if (NOT_LISTED.test(token.problem)) {
    const advice = {
      'zh-CN': '本机出口 IP 不在白名单：在微信公众平台“开发设置”中加入',
      en: 'this machine is not on the allow-list: add its address in the mini-program’s settings',
    };
    return [bad('allowList', advice, '40164')];
  }
  const advice = {
    'zh-CN': '检查 WECHAT_APP_ID 与 WECHAT_APP_SECRET',
    en: 'look at WECHAT_APP_ID and WECHAT_APP_SECRET',
  };
  return [bad('credentials', advice, token.problem)];
}

/** WeChat, where people sign in with it: the host, then one access token (the same for all who ask). */
export async function checkWechat(settings: Settings, clock: () => number): Promise<CheckResult[]> {
  const results = await checkHost(settings.wechat.apiUrl, clock);
  return results[0]?.state === 'ok'
    ? [...results, ...(await checkToken(settings, clock))]
    : results;
}
