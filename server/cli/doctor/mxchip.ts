import type { Seen } from '../../doctor/finding';
import { bad, ok } from '../../doctor/finding';
import { lookAtHost } from '../../doctor/host';
import { createMxchip } from '../../platforms/mxchip';
import type { MxchipAccount } from '../../settings/accounts';
import { attempt } from './attempt';

/** An id of the right form that is no device's. */
const STRANGER = '00000000-0000-1000-9000-000000000000';

/** 庆科: its host, then a question about a device that is none, for which a token is needed. */
export async function lookAtMxchip(account: MxchipAccount, clock: () => number): Promise<Seen[]> {
  const seen = await lookAtHost(account.url, clock);
  if (seen[0]?.state !== 'ok') return seen;
  const { devices, close } = createMxchip({ ...account, clock });
  const result = await attempt(() => devices.find(STRANGER));
  await close();
  if ('value' in result) return [...seen, ok('credentials')];
  const advice = {
    'zh-CN': '没有可用的应答：检查 MXCHIP_CLIENT_ID 与 MXCHIP_CLIENT_SECRET',
    en: 'no usable answer: look at MXCHIP_CLIENT_ID and MXCHIP_CLIENT_SECRET',
  };
  return [...seen, bad('credentials', advice, result.problem)];
}
