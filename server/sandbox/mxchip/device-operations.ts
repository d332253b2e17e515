import { beijingDateTime } from '@shared/beijing-time';
import type { DeviceStore } from './device-store';
import { errorReply, successReply, type Reply } from './reply';
import type { Device } from './state';

/** An operation on the device that a request names. */
export type Operation = (deviceStore: DeviceStore, deviceid: unknown) => Reply;

function deviceOperation(handler: (device: Device) => Reply): Operation {
  return (deviceStore, deviceid) => {
    if (typeof deviceid !== 'string' || deviceid === '') {
      return errorReply(23010, { deviceid: ['该字段是必填项。'] });
    }
    const device = deviceStore.findDevice(deviceid);
    return device ? handler(device) : errorReply(23030, 'device does not exist');
  };
}

/** In the form of the document's sample: `2016-10-21T13:54:51.950`. */
function createTime(instant: number): string {
  const milliseconds = String(instant % 1000).padStart(3, '0');
  return `${beijingDateTime(instant).replace(' ', 'T')}.${milliseconds}`;
}

export const info = deviceOperation((device) => {
  if (device.isDisabled) return errorReply(23031, 'device is disabled');
  return successReply('Device info', {
    mac: device.mac,
    online: device.online,
    pname: device.productName,
    createtime: createTime(device.activatedAt),
    productid: device.productId,
  });
});

export const endUsers = deviceOperation(({ users }) => {
  const rows = users.map(({ endUserId: enduserid, phone, email, app, role }) => {
    return { enduserid, phone, email, app, role };
  });
  return successReply('get users success', rows);
});

/** Removes all users of the device. */
export const unbind = deviceOperation((device) => {
  device.users = [];
  return successReply('unbind success', { deviceid: device.id });
});
