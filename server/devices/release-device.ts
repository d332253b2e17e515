import type { DevicePlatform } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import { ApiError } from '../lib/api-error';
import type { DeviceReleaseRow } from '../store/schema';
import type { Store } from '../store/store';
import { recordReleaseOutcome, recordRelease } from './device-queries';
import type { DeviceLookup } from './device-lookup';

const RETRY_AFTER_SECONDS = 10;

/** Who wants a device taken from everybody, and how many people they were told that is. */
export interface ReleaseRequest extends Pick<
  DeviceReleaseRow,
  'device_id' | 'card_id' | 'user_id' | 'staff_id' | 'reason'
> {
  confirmed: number;
}

interface ReleaseParts {
  store: Store;
  clock: () => number;
  devices: DevicePlatform;
  lookup: DeviceLookup;
}

/**
 * Takes a device from everybody who holds it, if they are still as many as was agreed to: it cannot be taken
 * back, and whoever asked has seen a list that may be old by now.
 */
export function createReleaseDevice({ store, clock, devices, lookup }: ReleaseParts) {
  /** What came of a call whose answer was lost: nobody holds it, or it cannot be said yet. */
  async function hasNoHolders(deviceId: string): Promise<boolean> {
    try {
      return (await devices.holders(deviceId))?.length === 0;
    } catch (error) {
      if (error instanceof PlatformUnavailable) return false;
      throw error;
    }
  }

  async function unbind(deviceId: string): Promise<Exclude<DeviceReleaseRow['outcome'], 'asked'>> {
    const answer = await devices.unbind(deviceId);
    if (answer.outcome !== 'unknown') return answer.outcome;
    return (await hasNoHolders(deviceId)) ? 'done' : 'unknown';
  }

  /**
   * @returns how many people lost it
   * @throws ApiError `device.*`, `platform.unavailable`
   */
  return async function release({ confirmed, ...release }: ReleaseRequest): Promise<number> {
    const { device_id: deviceId } = release;
    const { length: holders } = await lookup.holders(deviceId);
    if (holders !== confirmed) throw new ApiError('device.holders_changed', { holders });
    if (holders === 0) return 0;
    const entry = await recordRelease(store, { ...release, holders, asked_at: clock() });
    const outcome = await unbind(deviceId);
    await recordReleaseOutcome(store, entry, outcome);
    if (outcome === 'refused') throw new ApiError('device.unbind_refused');
    if (outcome === 'done') return holders;
    throw new ApiError('device.outcome_unknown', { retryAfterSeconds: RETRY_AFTER_SECONDS });
  };
}

export type ReleaseDevice = ReturnType<typeof createReleaseDevice>;
