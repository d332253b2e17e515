import type { Possession } from '../cards/possession';
import type { DevicePlatform } from '../platforms/ports';
import type { Store } from '../store/store';
import type { Audit } from '../accounts/audit';
import { createDeviceLimits } from './device-limits';
import { createDeviceLookup } from './device-lookup';
import type { DeviceService } from './device-service';
import { createDeviceService } from './device-service';
import { createReleaseDevice } from './release-device';
import type { StaffDevices } from './staff-devices';
import { createStaffDevices } from './staff-devices';

/** What is done with devices, by customers and by staff. */
export interface Devices {
  service: DeviceService;
  staff: StaffDevices;
}

interface DevicesParts {
  store: Store;
  clock: () => number;
  devices: DevicePlatform;
  possession: Possession;
  audit: Audit;
}

export function createDevices(parts: DevicesParts): Devices {
  const lookup = createDeviceLookup(parts.devices);
  const release = createReleaseDevice({ ...parts, lookup });
  const limits = createDeviceLimits();
  return {
    service: createDeviceService({ ...parts, lookup, release, limits }),
    staff: createStaffDevices({ ...parts, lookup, release }),
  };
}
