import type { Outcome } from './outcome';

/** A person a device is bound to, and their role. */
export interface DeviceHolder {
  id: string;
  /** As the person registered; null if unknown. Personal data: shown to staff only, masked elsewhere. */
  phone: string | null;
  email: string | null;
  role: 'owner' | 'admin' | 'member' | 'unknown';
}

interface DeviceReport {
  id: string;
  mac: string | null;
  online: boolean;
  product: { id: string; name: string };
  /** Epoch milliseconds. */
  activatedAt: number | null;
}

/** The state of a device at its platform. */
export type DeviceState =
  | { state: 'known'; device: DeviceReport }
  | { state: 'absent' }
  /** The platform has disabled the device. */
  | { state: 'disabled' };

/** Manages devices and the people they are bound to. */
export interface DevicePlatform {
  readonly name: string;
  /** @throws PlatformUnavailable */
  find(deviceId: string): Promise<DeviceState>;
  /** Everybody the device is bound to; undefined if the platform knows no such device. @throws PlatformUnavailable */
  holders(deviceId: string): Promise<DeviceHolder[] | undefined>;
  /** Unbinds the device from everybody. */
  unbind(deviceId: string): Promise<Outcome<null, 'absent' | 'rejected'>>;
}
