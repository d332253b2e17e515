import type { DevicePlatform } from '../platforms/ports';
import type { Check } from './check';

/** What is known about a device platform before it is asked. */
export interface DeviceFacts {
  /** Epoch milliseconds. */
  clock: () => number;
  /** A device; undefined where none is known. */
  deviceId: string | undefined;
  /** An id that is no device's. */
  strangerId: string;
  /** A device that may be taken away from everybody; undefined where none may. */
  unbindId: string | undefined;
}

type DeviceCheck = Check<DevicePlatform, DeviceFacts>;

const HOUR_MS = 60 * 60 * 1000;

function lacksDevice(_devices: DevicePlatform, { deviceId }: DeviceFacts): string | undefined {
  return deviceId === undefined ? 'no device was given' : undefined;
}

const knowsTheDevice: DeviceCheck = {
  name: { 'zh-CN': '给定设备的信息', en: 'What is told of the given device' },
  method: 'find',
  writes: false,
  lacks: lacksDevice,
  async run(devices, { deviceId = '', clock }, notes) {
    const found = await devices.find(deviceId);
    if (found.state !== 'known') {
      notes.missing(`the device (it is ${found.state})`);
      return;
    }
    const { id, mac, product, activatedAt } = found.device;
    notes.expect('id: the device that was asked for', id === deviceId);
    notes.expect('product: has an id and a name', product.id !== '' && product.name !== '');
    notes.told('mac', mac);
    if (notes.told('activatedAt', activatedAt) && activatedAt !== null) {
      notes.expect('activatedAt: a time that has come', activatedAt <= clock() + HOUR_MS);
    }
  },
};

const knowsItsHolders: DeviceCheck = {
  name: { 'zh-CN': '给定设备的用户', en: 'Who holds the given device' },
  method: 'holders',
  writes: false,
  lacks: lacksDevice,
  async run(devices, { deviceId = '' }, notes) {
    const holders = await devices.holders(deviceId);
    if (holders === undefined) {
      notes.missing('the holders of a device that is known');
      return;
    }
    const ids = holders.map(({ id }) => id);
    notes.expect('holders[].id: each once', new Set(ids).size === ids.length);
    for (const { phone, email, role } of holders) {
      notes.told('holders[].phone or email', phone ?? email);
      if (role === 'unknown') notes.unknown('a role of a holder');
      else notes.expect('holders[].role: known', true);
    }
  },
};

const knowsNoStranger: DeviceCheck = {
  name: { 'zh-CN': '没有的设备：不存在', en: 'An id of no device is absent' },
  method: 'find, holders',
  writes: false,
  async run(devices, { strangerId }, notes) {
    notes.expect('find: absent', (await devices.find(strangerId)).state === 'absent');
    notes.expect('holders: nobody to ask about', (await devices.holders(strangerId)) === undefined);
  },
};

const unbindsNoStranger: DeviceCheck = {
  name: { 'zh-CN': '没有的设备不能解绑', en: 'What is no device is not taken away' },
  method: 'unbind',
  writes: true,
  async run(devices, { strangerId }, notes) {
    const result = await devices.unbind(strangerId);
    const isAbsent = result.outcome === 'refused' && result.reason === 'absent';
    notes.expect('unbind: refused as absent', isAbsent);
  },
};

const unbinds: DeviceCheck = {
  name: { 'zh-CN': '解绑后没有用户', en: 'After it is taken away nobody holds it' },
  method: 'unbind',
  writes: true,
  lacks: (_devices, { unbindId }) =>
    unbindId === undefined ? 'no device may be taken away' : undefined,
  async run(devices, { unbindId = '' }, notes) {
    notes.expect('unbind: done', (await devices.unbind(unbindId)).outcome === 'done');
    const left = await devices.holders(unbindId);
    notes.expect('holders: nobody', left?.length === 0);
    const after = await devices.find(unbindId);
    notes.expect('find: still known', after.state === 'known');
  },
};

export const deviceChecks: readonly DeviceCheck[] = [
  knowsTheDevice,
  knowsItsHolders,
  knowsNoStranger,
  unbindsNoStranger,
  unbinds,
];
