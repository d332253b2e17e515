import { existsSync } from 'node:fs';
import { describeDatabase, parseDatabaseUrl } from '../../store/database-url';
import { assertNewest } from '../../store/migrate';
import { openForTool } from '../../store/open-store';
import type { OpenStore } from '../../store/open-store';
import { disabledDurabilitySettings } from '../../store/postgres';
import { StoreError } from '../../store/store';
import type { CheckResult } from './finding';
import { bad, none, ok } from './finding';

export interface StoreOptions {
  databaseUrl: string;
  /** The operator has accepted that a power cut may lose orders. */
  acceptDataLoss: boolean;
}

async function weaknessesOf({ store }: OpenStore, databaseUrl: string): Promise<string[]> {
  const address = parseDatabaseUrl(databaseUrl);
  if (address.dialect === 'postgres') return disabledDurabilitySettings(store, address.url);
  return address.synchronous === 'normal' ? ['synchronous=normal'] : [];
}

async function checkDurability(
  open: OpenStore,
  { databaseUrl, acceptDataLoss }: StoreOptions,
): Promise<CheckResult> {
  const weaknesses = (await weaknessesOf(open, databaseUrl)).join(', ');
  if (weaknesses === '') return ok('durable');
  const risk = {
    'zh-CN': '断电可能丢失已支付的订单：请改回持久设置',
    en: 'a power cut can lose paid orders: switch it back on',
  };
  return acceptDataLoss ? none('durable', risk, weaknesses) : bad('durable', risk, weaknesses);
}

async function checkSchema({ store }: OpenStore): Promise<CheckResult> {
  try {
    await assertNewest(store);
    return ok('schema');
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const advice = {
      'zh-CN': '不是最新结构：运行 npm run db -- migrate，或由启动时升级',
      en: 'not the newest: run npm run db -- migrate, or let the start do it',
    };
    return bad('schema', advice);
  }
}

/** A SQLite file that is not there is made when Liuka starts; opening it would make an empty one now. */
function isNotCreatedYet(databaseUrl: string): boolean {
  const address = parseDatabaseUrl(databaseUrl);
  return address.dialect === 'sqlite' && !existsSync(address.path);
}

/** Whether the store is there, keeps what it acknowledges, and has the newest schema. Changes nothing. */
export async function checkStore(options: StoreOptions): Promise<CheckResult[]> {
  const detail = describeDatabase(options.databaseUrl);
  if (isNotCreatedYet(options.databaseUrl)) {
    const advice = {
      'zh-CN': '还没有，首次启动时建立',
      en: 'not there yet: the first start makes it',
    };
    return [none('reachable', advice, detail)];
  }
  let open: OpenStore | undefined;
  try {
    open = openForTool(options.databaseUrl);
    const durable = await checkDurability(open, options);
    return [ok('reachable', detail), durable, await checkSchema(open)];
  } catch {
    // What drivers say may hold a user's name or an address.
    const advice = {
      'zh-CN': '打不开：检查 DATABASE_URL、权限和网络',
      en: 'cannot be opened: look at DATABASE_URL, permissions and the network',
    };
    return [bad('reachable', advice, detail)];
  } finally {
    await open?.close();
  }
}
