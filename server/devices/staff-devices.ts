import type { ApiResponse, Device } from '@shared/contract';
import { recordAudit } from '../accounts/audit-queries';
import { findCard } from '../cards/card-queries';
import type { Actor } from '../contract/caller';
import { ApiError } from '../lib/api-error';
import type { DeviceContext } from './device-context';
import { requireDevice, requireHolders } from './device-lookup';
import { presentDevice, presentHolder } from './device-presenter';
import { bindByStaff, findBindingOfDevice, unbindByStaff } from './device-queries';
import { releaseDevice } from './release-device';

/** @throws ApiError `device.not_found`, `platform.*` */
export async function viewDeviceForStaff(
  context: DeviceContext,
  actor: Actor,
  deviceId: string,
): Promise<ApiResponse<'GET /support/devices/:deviceId'>> {
  const { store, devices } = context;
  await recordAudit(context, actor, { action: 'device.view', subject: deviceId });
  const [known, holders, binding] = await Promise.all([
    requireDevice(devices, deviceId),
    requireHolders(devices, deviceId),
    findBindingOfDevice(store, deviceId),
  ]);
  return {
    device: presentDevice(deviceId, binding?.card_id ?? null, known),
    users: holders.map((holder) => presentHolder(holder, actor.language)),
  };
}

/**
 * Binds a device to a card. Existing bindings of both are replaced.
 * @throws ApiError `card.not_found`, `device.not_found`, `device.tied_elsewhere`, `platform.*`
 */
export async function bindDeviceByStaff(
  context: DeviceContext,
  actor: Actor,
  cardId: string,
  deviceId: string,
): Promise<Device> {
  const { store, clock, devices } = context;
  if (!(await findCard(store, cardId))) throw new ApiError('card.not_found');
  const known = await requireDevice(devices, deviceId);
  await recordAudit(context, actor, { action: `device.tie ${deviceId}`, subject: cardId });
  const binding = { cardId, deviceId, now: clock() };
  const outcome = await bindByStaff(store, binding, actor.auth.staffId);
  if (outcome === 'elsewhere') throw new ApiError('device.tied_elsewhere');
  return presentDevice(deviceId, cardId, known);
}

/** @throws ApiError `device.not_found` if no device is bound to the card */
export async function unbindDeviceByStaff(
  context: DeviceContext,
  actor: Actor,
  cardId: string,
): Promise<void> {
  await recordAudit(context, actor, { action: 'device.untie', subject: cardId });
  if (!(await unbindByStaff(context.store, cardId))) throw new ApiError('device.not_found');
}

/** Releases a device. @returns how many people lost it. @throws ApiError as `releaseDevice` */
export async function releaseDeviceByStaff(
  context: DeviceContext,
  actor: Actor,
  deviceId: string,
  { confirm, reason }: { confirm: number; reason: string },
): Promise<number> {
  const action = `device.release ${String(confirm)}: ${reason}`;
  await recordAudit(context, actor, { action, subject: deviceId });
  const binding = await findBindingOfDevice(context.store, deviceId);
  return releaseDevice(context, {
    device_id: deviceId,
    card_id: binding?.card_id ?? null,
    user_id: null,
    staff_id: actor.auth.staffId,
    reason,
    confirmed: confirm,
  });
}
