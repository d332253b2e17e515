import type { DeviceHolder, DevicePlatform } from '../ports';
import { PlatformUnavailable } from '../ports';
import type { AnswerOf, MxchipClient, Warn } from './client';
import type { RefusalCode } from './envelope';

const DISABLED: RefusalCode = 23031;

/** 1 超级用户, 2 管理员, 3 普通用户. */
const roles: Readonly<Record<number, DeviceHolder['role']>> = {
  1: 'owner',
  2: 'admin',
  3: 'member',
};

function describeHolder(row: AnswerOf<'endUsers'>[number]): DeviceHolder {
  const { enduserid: id, phone, email, role } = row;
  return { id, phone, email, role: roles[role] ?? 'unknown' };
}

/** A person who holds it through several apps is one person, with the strongest of the roles (1 is). */
function uniqueUsers(rows: AnswerOf<'endUsers'>): AnswerOf<'endUsers'> {
  const byUser = new Map<string, AnswerOf<'endUsers'>[number]>();
  for (const row of rows) {
    const known = byUser.get(row.enduserid);
    if (!known || row.role < known.role) byUser.set(row.enduserid, row);
  }
  return [...byUser.values()];
}

function isSameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/**
 * 庆科 as a platform for devices. A device id that it calls wrong, or cannot read (23010: no other parameter is
 * sent), is one it does not know.
 */
export function createDevicePlatform(client: MxchipClient, warn: Warn): DevicePlatform {
  return {
    name: 'mxchip',
    async find(deviceId) {
      const result = await client.query('info', { deviceid: deviceId });
      if (result.outcome === 'refused') {
        return result.code === DISABLED ? { state: 'disabled' } : { state: 'absent' };
      }
      const { mac, online, pname: name, productid, createtime } = result.data;
      const product = { id: productid, name };
      const device = { id: deviceId, mac, online, product, activatedAt: createtime };
      return { state: 'known', device };
    },
    async holders(deviceId) {
      const result = await client.query('endUsers', { deviceid: deviceId });
      if (result.outcome === 'done') return uniqueUsers(result.data).map(describeHolder);
      // The document lists no such refusal here: who holds it is not known, which is not nobody.
      if (result.code === DISABLED)
        throw new PlatformUnavailable('mxchip: who holds it is not told');
      return undefined;
    },
    async unbind(deviceId) {
      const result = await client.call('unbind', { deviceid: deviceId });
      if (result.outcome === 'unknown') return result;
      if (result.outcome === 'refused') {
        const { code, message } = result;
        return { outcome: 'refused', reason: code === 23030 ? 'absent' : 'rejected', message };
      }
      if (isSameId(result.data.deviceid, deviceId)) return { outcome: 'done', value: null };
      warn('another device was answered for', { operation: 'device/unbind' });
      return {
        outcome: 'unknown',
        message: 'mxchip device/unbind: the answer is about another device',
      };
    },
  };
}
