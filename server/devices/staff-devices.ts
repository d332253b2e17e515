import type { ApiResponse, Device } from '@shared/contract';
import { findCard } from '../cards/card-queries';
import { ApiError } from '../lib/api-error';
import type { Store } from '../store/store';
import type { Actor } from '../contract/caller';
import type { Audit } from '../accounts/audit';
import { requireRole } from '../accounts/audit';
import { presentDevice, presentHolder } from './device-presenter';
import { findBindingOfDevice, bindByStaff, unbindByStaff } from './device-queries';
import type { DeviceLookup } from './device-lookup';
import type { ReleaseDevice } from './release-device';

interface StaffDevicesParts {
  store: Store;
  clock: () => number;
  lookup: DeviceLookup;
  release: ReleaseDevice;
  audit: Audit;
}

/** What staff see of and do with devices. Everything is written down before it is shown or done. */
export function createStaffDevices(parts: StaffDevicesParts) {
  const { store, clock, lookup, release, audit } = parts;

  return {
    /** @throws ApiError `device.not_found`, `platform.unavailable` */
    view: async (
      actor: Actor,
      deviceId: string,
    ): Promise<ApiResponse<'GET /support/devices/:deviceId'>> => {
      await audit(actor, 'device.view', deviceId);
      const [known, holders, binding] = await Promise.all([
        lookup.find(deviceId),
        lookup.holders(deviceId),
        findBindingOfDevice(store, deviceId),
      ]);
      return {
        device: presentDevice(deviceId, binding?.card_id ?? null, known),
        users: holders.map((holder) => presentHolder(holder, actor.language)),
      };
    },
    /** @throws ApiError `card.not_found`, `device.*`, `platform.unavailable` */
    bind: async (actor: Actor, cardId: string, deviceId: string): Promise<Device> => {
      if (!(await findCard(store, cardId))) throw new ApiError('card.not_found');
      const known = await lookup.find(deviceId);
      await audit(actor, `device.tie ${deviceId}`, cardId);
      const binding = { cardId, deviceId, now: clock() };
      const outcome = await bindByStaff(store, binding, actor.auth.staffId);
      if (outcome === 'elsewhere') throw new ApiError('device.tied_elsewhere');
      return presentDevice(deviceId, cardId, known);
    },
    /** @throws ApiError `device.not_found` */
    unbind: async (actor: Actor, cardId: string): Promise<void> => {
      await audit(actor, 'device.untie', cardId);
      if (!(await unbindByStaff(store, cardId))) throw new ApiError('device.not_found');
    },
    /**
     * Takes a device from everybody.
     * @returns how many people lost it
     * @throws ApiError `staff.forbidden`, `device.*`, `platform.unavailable`
     */
    release: async (
      actor: Actor,
      deviceId: string,
      { confirm, reason }: { confirm: number; reason: string },
    ): Promise<number> => {
      requireRole(actor, 'supervisor');
      await audit(actor, `device.release ${String(confirm)}: ${reason}`, deviceId);
      const binding = await findBindingOfDevice(store, deviceId);
      const who = { user_id: null, staff_id: actor.auth.staffId, reason };
      const what = { device_id: deviceId, card_id: binding?.card_id ?? null };
      return release({ ...what, ...who, confirmed: confirm });
    },
  };
}

export type StaffDevices = ReturnType<typeof createStaffDevices>;
