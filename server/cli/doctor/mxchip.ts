import type { CheckResult } from './finding';
import { bad, ok } from './finding';
import { checkHost } from './host';
import { createMxchip } from '../../platforms/mxchip';
import type { MxchipAccount } from '../../settings/accounts';
import { attempt } from './attempt';

/** An id of the right form that is no device's. */
const UNKNOWN_ID = '00000000-0000-1000-9000-000000000000';

/** 庆科: its host, then a question about a device that is none, for which a token is needed. */
export async function checkMxchip(
  account: MxchipAccount,
  clock: () => number,
): Promise<CheckResult[]> {
  const results = await checkHost(account.url, clock);
  if (results[0]?.state !== 'ok') return results;
  const { devices, close } = createMxchip({ ...account, clock });
  const result = await attempt(() => devices.find(UNKNOWN_ID));
  await close();
  if ('value' in result) return [...results, ok('credentials')];
  const advice = {
    'zh-CN': '没有可用的应答：检查 MXCHIP_CLIENT_ID 与 MXCHIP_CLIENT_SECRET',
    en: 'no usable answer: look at MXCHIP_CLIENT_ID and MXCHIP_CLIENT_SECRET',
  };
  return [...results, bad('credentials', advice, result.problem)];
}
