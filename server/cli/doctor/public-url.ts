import { lookup } from 'node:dns/promises';
import type { CheckResult } from './finding';
import { bad, none, ok } from './finding';

/**
 * The address platforms send their notifications to. Whether they can reach it is not seen from here: only
 * that it is https and that its name resolves.
 */
export async function checkPublicUrl(publicUrl: string | undefined): Promise<CheckResult[]> {
  if (publicUrl === undefined) {
    const advice = {
      'zh-CN': '未设置 PUBLIC_URL：平台的通知到不了，只靠轮询',
      en: 'PUBLIC_URL is not set: no notification arrives, all is found by asking',
    };
    return [none('secure', advice)];
  }
  const { protocol, hostname } = new URL(publicUrl);
  const insecure = {
    'zh-CN': 'PUBLIC_URL 不是 https：微信支付只通知 https 地址',
    en: 'PUBLIC_URL is not https: WeChat Pay notifies https addresses only',
  };
  const secure = protocol === 'https:' ? ok('secure') : bad('secure', insecure);
  try {
    await lookup(hostname.replace(/^\[|\]$/g, ''));
    return [secure, ok('resolves', hostname)];
  } catch {
    const advice = {
      'zh-CN': '域名解析不了：检查 DNS',
      en: 'the name does not resolve: look at DNS',
    };
    return [secure, bad('resolves', advice, hostname)];
  }
}
