import type { DevicePlatform } from '../platforms/ports';
import type { Store } from '../store/store';
import type { DeviceLimiters } from './device-limits';

export interface DeviceContext {
  store: Store;
  /** Epoch ms. */
  clock: () => number;
  devices: DevicePlatform;
  deviceLimiters: DeviceLimiters;
}
