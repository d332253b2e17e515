import type { DevicePlatform } from '../platforms/ports';
import type { Check } from './check';

/** What is known about a device platform before the checks. */
export interface DeviceFacts {
  /** Epoch milliseconds. */
  clock: () => number;
  /** A device; undefined if none is known. */
  deviceId: string | undefined;
  /** An id that no device has. */
  unknownDeviceId: string;
  /** A device that may really be unbound; undefined to unbind none. */
  unbindableDeviceId: string | undefined;
}

type DeviceCheck = Check<DevicePlatform, DeviceFacts>;

const HOUR_MS = 60 * 60 * 1000;

function skipWithoutDevice(
  _devices: DevicePlatform,
  { deviceId }: DeviceFacts,
): string | undefined {
  return deviceId === undefined ? 'no device was given' : undefined;
}

const deviceIsDescribed: DeviceCheck = {
  name: { 'zh-CN': '给定设备的信息', en: 'The given device' },
  method: 'find',
  writes: false,
  skipReason: skipWithoutDevice,
  async run(devices, { deviceId = '', clock }, recorder) {
    const found = await devices.find(deviceId);
    if (found.state !== 'known') {
      recorder.recordMissing(`the device (it is ${found.state})`);
      return;
    }
    const { id, mac, product, activatedAt } = found.device;
    recorder.expect('id: the requested device', id === deviceId);
    recorder.expect('product: has an id and a name', product.id !== '' && product.name !== '');
    recorder.recordOptional('mac', mac);
    if (recorder.recordOptional('activatedAt', activatedAt) && activatedAt !== null) {
      recorder.expect('activatedAt: not in the future', activatedAt <= clock() + HOUR_MS);
    }
  },
};

const holdersAreListed: DeviceCheck = {
  name: { 'zh-CN': '给定设备的用户', en: 'The holders of the given device' },
  method: 'holders',
  writes: false,
  skipReason: skipWithoutDevice,
  async run(devices, { deviceId = '' }, recorder) {
    const holders = await devices.holders(deviceId);
    if (holders === undefined) {
      recorder.recordMissing('the holders of a known device');
      return;
    }
    const ids = holders.map(({ id }) => id);
    recorder.expect('holders[].id: unique', new Set(ids).size === ids.length);
    for (const { phone, email, role } of holders) {
      recorder.recordOptional('holders[].phone or email', phone ?? email);
      if (role === 'unknown') recorder.recordUnknown('the role of a holder');
      else recorder.expect('holders[].role: known', true);
    }
  },
};

const unknownDeviceIsAbsent: DeviceCheck = {
  name: { 'zh-CN': '没有的设备：不存在', en: 'An unknown device is absent' },
  method: 'find, holders',
  writes: false,
  async run(devices, { unknownDeviceId }, recorder) {
    recorder.expect('find: absent', (await devices.find(unknownDeviceId)).state === 'absent');
    recorder.expect('holders: undefined', (await devices.holders(unknownDeviceId)) === undefined);
  },
};

const unknownDeviceIsNotUnbound: DeviceCheck = {
  name: { 'zh-CN': '没有的设备不能解绑', en: 'An unknown device cannot be unbound' },
  method: 'unbind',
  writes: true,
  async run(devices, { unknownDeviceId }, recorder) {
    const result = await devices.unbind(unknownDeviceId);
    const isAbsent = result.outcome === 'refused' && result.reason === 'absent';
    recorder.expect('unbind: refused as absent', isAbsent);
  },
};

const unbindRemovesHolders: DeviceCheck = {
  name: { 'zh-CN': '解绑后没有用户', en: 'An unbound device has no holders' },
  method: 'unbind',
  writes: true,
  skipReason: (_devices, { unbindableDeviceId }) =>
    unbindableDeviceId === undefined ? 'no device may be unbound' : undefined,
  async run(devices, { unbindableDeviceId = '' }, recorder) {
    recorder.expect('unbind: done', (await devices.unbind(unbindableDeviceId)).outcome === 'done');
    const left = await devices.holders(unbindableDeviceId);
    recorder.expect('holders: none', left?.length === 0);
    const after = await devices.find(unbindableDeviceId);
    recorder.expect('find: still known', after.state === 'known');
  },
};

export const deviceChecks: readonly DeviceCheck[] = [
  deviceIsDescribed,
  holdersAreListed,
  unknownDeviceIsAbsent,
  unknownDeviceIsNotUnbound,
  unbindRemovesHolders,
];
