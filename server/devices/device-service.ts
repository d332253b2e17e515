import type { Device, DeviceUser } from '@shared/contract';
import type { Language } from '@shared/language';
import { findWalletCard } from '../cards/card-queries';
import type { Possession } from '../cards/possession';
import { ApiError } from '../lib/api-error';
import type { CardDeviceRow } from '../store/schema';
import type { Store } from '../store/store';
import type { DeviceLimits } from './device-limits';
import type { KnownDevice } from './device-presenter';
import { presentDevice, presentHolder } from './device-presenter';
import { findBindingOfUser, bindByUser, unbindByUser } from './device-queries';
import type { DeviceLookup } from './device-lookup';
import type { ReleaseDevice } from './release-device';

interface DeviceServiceParts {
  store: Store;
  clock: () => number;
  lookup: DeviceLookup;
  release: ReleaseDevice;
  possession: Possession;
  limits: DeviceLimits;
}

/** What customers see of and do with the devices their cards are in. What they are told of others is masked. */
export function createDeviceService(parts: DeviceServiceParts) {
  const { store, clock, lookup, release, possession, limits } = parts;

  /** Whatever finds no device counts as a wrong id, so that ids cannot be walked through. */
  async function countingMisses<Answer>(userId: string, action: () => Promise<Answer>) {
    await limits.assertLookupAllowed(userId);
    try {
      return await action();
    } catch (error) {
      const isMiss =
        error instanceof ApiError &&
        (error.code === 'device.not_found' || error.code === 'device.tied_elsewhere');
      if (isMiss) await limits.recordMiss(userId);
      throw error;
    }
  }

  function requireBinding(userId: string, deviceId: string): Promise<CardDeviceRow> {
    return countingMisses(userId, async () => {
      const binding = await findBindingOfUser(store, userId, deviceId);
      if (!binding) throw new ApiError('device.not_found');
      return binding;
    });
  }

  async function saveBinding(
    userId: string,
    cardId: string,
    deviceId: string,
  ): Promise<KnownDevice> {
    const known = await lookup.find(deviceId);
    await limits.consumeBinding(userId);
    const outcome = await bindByUser(store, { cardId, deviceId, now: clock() }, userId);
    if (outcome === 'byShop') throw new ApiError('device.tied_by_shop');
    if (outcome === 'elsewhere') throw new ApiError('device.tied_elsewhere');
    return known;
  }

  return {
    /** @throws ApiError `card.not_found`, `device.*`, `platform.unavailable` */
    bind: async (userId: string, cardId: string, deviceId: string): Promise<Device> => {
      const card = await findWalletCard(store, userId, cardId);
      if (!card) throw new ApiError('card.not_found');
      const known = await countingMisses(userId, () => saveBinding(userId, cardId, deviceId));
      return presentDevice(deviceId, cardId, known);
    },
    /** @throws ApiError `device.not_found`, `device.tied_by_shop` */
    unbind: async (userId: string, cardId: string): Promise<void> => {
      const outcome = await unbindByUser(store, userId, cardId);
      if (outcome === 'byShop') throw new ApiError('device.tied_by_shop');
      if (outcome === 'absent') throw new ApiError('device.not_found');
    },
    /** @throws ApiError `device.*`, `platform.unavailable` */
    view: async (userId: string, deviceId: string): Promise<Device> => {
      const binding = await requireBinding(userId, deviceId);
      return presentDevice(deviceId, binding.card_id, await lookup.find(deviceId));
    },
    /** @throws ApiError `device.*`, `platform.unavailable` */
    users: async (userId: string, deviceId: string, language: Language): Promise<DeviceUser[]> => {
      await requireBinding(userId, deviceId);
      const holders = await lookup.holders(deviceId);
      return holders.map((holder) => presentHolder(holder, language));
    },
    /**
     * Takes the device from everybody.
     * @returns how many people lost it
     * @throws ApiError `device.*`, `card.possession_required`, `platform.unavailable`
     */
    release: async (userId: string, deviceId: string, confirmed: number): Promise<number> => {
      const { card_id } = await requireBinding(userId, deviceId);
      await possession.assertProven(userId, card_id);
      const who = { user_id: userId, staff_id: null, reason: null };
      return release({ device_id: deviceId, card_id, ...who, confirmed });
    },
  };
}

export type DeviceService = ReturnType<typeof createDeviceService>;
