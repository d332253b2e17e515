import { assertPossessionProven } from '../cards/prove-possession';
import { ApiError } from '../lib/api-error';
import type { DevicePlatform } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import type { DeviceReleaseRow } from '../store/schema';
import type { DeviceContext } from './device-context';
import { requireHolders } from './device-lookup';
import { recordRelease, recordReleaseOutcome } from './device-queries';
import { requireBinding } from './view-device';

const RETRY_AFTER_SECONDS = 10;

/** Who requests the release of a device, and the number of holders that they confirmed. */
export interface ReleaseRequest extends Pick<
  DeviceReleaseRow,
  'device_id' | 'card_id' | 'user_id' | 'staff_id' | 'reason'
> {
  confirmed: number;
}

/** Whether the device has no holders any more; false if the platform does not answer. */
async function hasNoHolders(devices: DevicePlatform, deviceId: string): Promise<boolean> {
  try {
    return (await devices.holders(deviceId))?.length === 0;
  } catch (error) {
    if (error instanceof PlatformUnavailable) return false;
    throw error;
  }
}

/** If the answer of the platform was lost, its current holders decide whether the device is released. */
async function unbindHolders(
  devices: DevicePlatform,
  deviceId: string,
): Promise<Exclude<DeviceReleaseRow['outcome'], 'asked'>> {
  const answer = await devices.unbind(deviceId);
  if (answer.outcome !== 'unknown') return answer.outcome;
  return (await hasNoHolders(devices, deviceId)) ? 'done' : 'unknown';
}

/**
 * Releases a device: nobody can control it afterwards. This cannot be undone, so it is refused unless the
 * number of holders is still the confirmed one.
 * @returns how many people lost the device
 * @throws ApiError `device.not_found`, `device.holders_changed`, `device.unbind_refused`,
 *   `device.outcome_unknown`, `platform.*`
 */
export async function releaseDevice(
  { store, clock, devices }: Pick<DeviceContext, 'store' | 'clock' | 'devices'>,
  { confirmed, ...request }: ReleaseRequest,
): Promise<number> {
  const { device_id: deviceId } = request;
  const { length: holders } = await requireHolders(devices, deviceId);
  if (holders !== confirmed) throw new ApiError('device.holders_changed', { holders });
  if (holders === 0) return 0;
  const id = await recordRelease(store, { ...request, holders, asked_at: clock() });
  const outcome = await unbindHolders(devices, deviceId);
  await recordReleaseOutcome(store, id, outcome);
  if (outcome === 'refused') throw new ApiError('device.unbind_refused');
  if (outcome === 'done') return holders;
  throw new ApiError('device.outcome_unknown', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

/**
 * Releases a device for a customer, who must have proved possession of the card it is bound to.
 * @returns how many people lost the device
 * @throws ApiError as `releaseDevice`; `device.lookup_limited`, `card.possession_required`
 */
export async function releaseDeviceByUser(
  context: DeviceContext,
  userId: string,
  deviceId: string,
  confirmed: number,
): Promise<number> {
  const { card_id } = await requireBinding(context, userId, deviceId);
  await assertPossessionProven(context, userId, card_id);
  return releaseDevice(context, {
    device_id: deviceId,
    card_id,
    user_id: userId,
    staff_id: null,
    reason: null,
    confirmed,
  });
}
