import type { Device } from '@shared/contract';
import { findWalletCard } from '../cards/card-queries';
import { ApiError } from '../lib/api-error';
import type { DeviceContext } from './device-context';
import { consumeBinding, countingMisses } from './device-limits';
import { requireDevice } from './device-lookup';
import type { KnownDevice } from './device-presenter';
import { presentDevice } from './device-presenter';
import { bindByUser, unbindByUser } from './device-queries';

async function saveBinding(
  { store, clock, devices, deviceLimiters }: DeviceContext,
  userId: string,
  cardId: string,
  deviceId: string,
): Promise<KnownDevice> {
  const known = await requireDevice(devices, deviceId);
  await consumeBinding(deviceLimiters, userId);
  const outcome = await bindByUser(store, { cardId, deviceId, now: clock() }, userId);
  if (outcome === 'byShop') throw new ApiError('device.tied_by_shop');
  if (outcome === 'elsewhere') throw new ApiError('device.tied_elsewhere');
  return known;
}

/**
 * Binds a device to a card in the user's wallet.
 * @throws ApiError `card.not_found`, `device.not_found`, `device.lookup_limited`,
 *   `device.tied_elsewhere`, `device.tied_by_shop`, `platform.*`
 */
export async function bindDevice(
  context: DeviceContext,
  userId: string,
  cardId: string,
  deviceId: string,
): Promise<Device> {
  const card = await findWalletCard(context.store, userId, cardId);
  if (!card) throw new ApiError('card.not_found');
  const known = await countingMisses(context.deviceLimiters, userId, () =>
    saveBinding(context, userId, cardId, deviceId),
  );
  return presentDevice(deviceId, cardId, known);
}

/** Unbinds the device from a card in the user's wallet. @throws ApiError `device.not_found`, `device.tied_by_shop` */
export async function unbindDevice(
  { store }: Pick<DeviceContext, 'store'>,
  userId: string,
  cardId: string,
): Promise<void> {
  const outcome = await unbindByUser(store, userId, cardId);
  if (outcome === 'byShop') throw new ApiError('device.tied_by_shop');
  if (outcome === 'absent') throw new ApiError('device.not_found');
}
