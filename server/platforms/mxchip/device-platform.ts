import type { DeviceHolder, DevicePlatform, DeviceState, Outcome } from '../ports';
import { PlatformUnavailable } from '../ports';
import type { AnswerOf, MxchipClient, Warn } from './client';
import type { RefusalCode } from './envelope';
import { operations } from './operations';

const WRONG_DEVICE: RefusalCode = 23030;
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

/** One row per person: somebody who uses several apps has the most powerful of their roles (1 is). */
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

/** An id that 庆科 rejects as wrong or malformed (23010: no other parameter is sent) is an unknown device. */
async function findDevice(client: MxchipClient, deviceId: string): Promise<DeviceState> {
  const result = await client.query('info', { deviceid: deviceId });
  if (result.outcome === 'refused') {
    return result.code === DISABLED ? { state: 'disabled' } : { state: 'absent' };
  }
  const { mac, online, pname: name, productid, createtime } = result.data;
  const product = { id: productid, name };
  const device = { id: deviceId, mac, online, product, activatedAt: createtime };
  return { state: 'known', device };
}

async function findHolders(
  client: MxchipClient,
  deviceId: string,
): Promise<DeviceHolder[] | undefined> {
  const result = await client.query('endUsers', { deviceid: deviceId });
  if (result.outcome === 'done') return uniqueUsers(result.data).map(describeHolder);
  // The document does not list this refusal here. The holders are unknown, which does not mean none.
  if (result.code === DISABLED) {
    throw new PlatformUnavailable('mxchip: the holders of a disabled device are unknown');
  }
  return undefined;
}

async function unbindDevice(
  { client, warn }: { client: MxchipClient; warn: Warn },
  deviceId: string,
): Promise<Outcome<null, 'absent' | 'rejected'>> {
  const result = await client.call('unbind', { deviceid: deviceId });
  if (result.outcome === 'unknown') return result;
  if (result.outcome === 'refused') {
    const { code, message } = result;
    return { outcome: 'refused', reason: code === WRONG_DEVICE ? 'absent' : 'rejected', message };
  }
  if (isSameId(result.data.deviceid, deviceId)) return { outcome: 'done', value: null };
  const { id } = operations.unbind;
  warn('the answer does not match the request', { operation: id });
  return { outcome: 'unknown', message: `mxchip ${id}: answered about another device` };
}

/** 庆科 as a device platform. */
export function createDevicePlatform(client: MxchipClient, warn: Warn): DevicePlatform {
  return {
    name: 'mxchip',
    find: (deviceId) => findDevice(client, deviceId),
    holders: (deviceId) => findHolders(client, deviceId),
    unbind: (deviceId) => unbindDevice({ client, warn }, deviceId),
  };
}
