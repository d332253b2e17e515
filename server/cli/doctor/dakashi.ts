import { formatYuan } from '@shared/money';
import type { LocalizedText } from '@shared/language';
import type { CheckName, CheckResult } from './finding';
import { bad, none, ok } from './finding';
import { checkHost } from './host';
import { createDakashi } from '../../platforms/dakashi';
import type { Dakashi } from '../../platforms/dakashi';
import type { OperationResult } from '../../platforms/platform-operation';
import type { DakashiAccount } from '../../settings/accounts';
import { attempt } from './attempt';

const account: LocalizedText = {
  'zh-CN': '检查 DAKASHI_CLIENT_ID、DAKASHI_CLIENT_SECRET 与 DAKASHI_DIALECT',
  en: 'look at DAKASHI_CLIENT_ID, DAKASHI_CLIENT_SECRET and DAKASHI_DIALECT',
};

/** What a refusal of a question about the account itself is about (api-doc, 错误编码). */
const refusals: Readonly<Record<string, { check: CheckName; advice: LocalizedText }>> = {
  55001: { check: 'credentials', advice: account },
  55002: {
    check: 'credentials',
    advice: {
      'zh-CN': '账户处于非正常状态，请联系大卡师',
      en: 'the account is blocked: ask the vendor',
    },
  },
  55003: {
    check: 'allowList',
    advice: {
      'zh-CN': '本机出口 IP 不在白名单：请大卡师加入',
      en: 'this machine is not on the allow-list: have the vendor add its address',
    },
  },
  55004: { check: 'credentials', advice: account },
  55006: {
    check: 'clock',
    advice: {
      'zh-CN': '时间戳被拒绝：请打开 NTP 校时',
      en: 'the time stamp is refused: turn NTP on',
    },
  },
  55007: { check: 'credentials', advice: account },
};

function resultOfError(result: Exclude<OperationResult, { outcome: 'done' }>): CheckResult {
  const code = result.outcome === 'refused' ? result.code : undefined;
  const known = code === undefined ? undefined : refusals[code];
  if (known) return bad(known.check, known.advice, code);
  const advice = { 'zh-CN': '没有可用的应答，看不出', en: 'no usable answer' };
  return none('credentials', advice, result.message);
}

async function checkBalance({ cards }: Dakashi): Promise<CheckResult> {
  const balance = await attempt(() => cards.balance?.() ?? Promise.resolve(undefined));
  if ('problem' in balance || balance.value === undefined) {
    const problem = 'problem' in balance ? balance.problem : undefined;
    return none('balance', { 'zh-CN': '没有查到', en: 'not told' }, problem);
  }
  const detail = `¥${formatYuan(balance.value)}`;
  if (balance.value > 0) return ok('balance', detail);
  const advice = {
    'zh-CN': '余额用尽，付款后无法充值：请先充值',
    en: 'nothing is left to order packages with: top it up',
  };
  return bad('balance', advice, detail);
}

/** 大卡师: its host, then one signed question about our account. */
export async function checkDakashi(
  settings: DakashiAccount,
  clock: () => number,
): Promise<CheckResult[]> {
  const results = await checkHost(settings.url, clock);
  if (results[0]?.state !== 'ok') return results;
  const dakashi = createDakashi({ ...settings, clock });
  try {
    const result = await dakashi.caller.call('user/info', {});
    if (result.outcome !== 'done') return [...results, resultOfError(result)];
    return [...results, ok('credentials'), ok('allowList'), await checkBalance(dakashi)];
  } finally {
    await dakashi.close();
  }
}
