import type { Device, DeviceUser } from '@shared/contract';
import type { Language } from '@shared/language';
import { ApiError } from '../lib/api-error';
import type { CardDeviceRow } from '../store/schema';
import type { DeviceContext } from './device-context';
import { countingMisses } from './device-limits';
import { requireDevice, requireHolders } from './device-lookup';
import { presentDevice, presentHolder } from './device-presenter';
import { findBindingOfUser } from './device-queries';

/**
 * The binding of a device to a card in the user's wallet. Any other device counts as a miss.
 * @throws ApiError `device.not_found`, `device.lookup_limited`
 */
export function requireBinding(
  { store, deviceLimiters }: Pick<DeviceContext, 'store' | 'deviceLimiters'>,
  userId: string,
  deviceId: string,
): Promise<CardDeviceRow> {
  return countingMisses(deviceLimiters, userId, async () => {
    const binding = await findBindingOfUser(store, userId, deviceId);
    if (!binding) throw new ApiError('device.not_found');
    return binding;
  });
}

/** @throws ApiError `device.not_found`, `device.lookup_limited`, `platform.*` */
export async function viewDevice(
  context: DeviceContext,
  userId: string,
  deviceId: string,
): Promise<Device> {
  const binding = await requireBinding(context, userId, deviceId);
  return presentDevice(deviceId, binding.card_id, await requireDevice(context.devices, deviceId));
}

/** The people who can control a device, masked. @throws ApiError as `viewDevice` */
export async function listDeviceUsers(
  context: DeviceContext,
  userId: string,
  deviceId: string,
  language: Language,
): Promise<DeviceUser[]> {
  await requireBinding(context, userId, deviceId);
  const holders = await requireHolders(context.devices, deviceId);
  return holders.map((holder) => presentHolder(holder, language));
}
