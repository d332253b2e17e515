import { ApiError } from '../lib/api-error';
import { orRefuse } from '../platforms/or-refuse';
import type { DeviceHolder, DevicePlatform } from '../platforms/ports';
import type { KnownDevice } from './device-presenter';

/** @throws ApiError `device.not_found`, `platform.unavailable`, `platform.busy` */
export async function requireDevice(
  devices: DevicePlatform,
  deviceId: string,
): Promise<KnownDevice> {
  const found = await orRefuse(() => devices.find(deviceId));
  if (found.state === 'absent') throw new ApiError('device.not_found');
  return found;
}

/**
 * The people who can control a device.
 * @throws ApiError `device.not_found`, `platform.unavailable`, `platform.busy`
 */
export async function requireHolders(
  devices: DevicePlatform,
  deviceId: string,
): Promise<DeviceHolder[]> {
  const holders = await orRefuse(() => devices.holders(deviceId));
  if (!holders) throw new ApiError('device.not_found');
  return holders;
}
