import { orRefuse } from '../platforms/or-refuse';
import type { DeviceHolder, DevicePlatform } from '../platforms/ports';
import { ApiError } from '../lib/api-error';
import type { KnownDevice } from './device-presenter';

/** What a request has to know of a device. */
export interface DeviceLookup {
  /** @throws ApiError `device.not_found`, `platform.unavailable` */
  find(deviceId: string): Promise<KnownDevice>;
  /** @throws ApiError `device.not_found`, `platform.unavailable` */
  holders(deviceId: string): Promise<DeviceHolder[]>;
}

export function createDeviceLookup(devices: DevicePlatform): DeviceLookup {
  return {
    async find(deviceId) {
      const found = await orRefuse(() => devices.find(deviceId));
      if (found.state === 'absent') throw new ApiError('device.not_found');
      return found;
    },
    async holders(deviceId) {
      const holders = await orRefuse(() => devices.holders(deviceId));
      if (!holders) throw new ApiError('device.not_found');
      return holders;
    },
  };
}
