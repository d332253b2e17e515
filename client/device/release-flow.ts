import { ApiError } from '@client/api/api-error';

/** Where somebody is on the way to taking a device from everybody. */
export type ReleaseStep =
  /** Reading what it does; `changed` where the people were others than those agreed to. */
  | { at: 'warning'; changed: boolean }
  /** Typing the number of the card; the fault of the last try, after which nothing was done. */
  | { at: 'proof'; fault: Error | undefined }
  /** It may have been done: nobody said. */
  | { at: 'unknown' }
  | { at: 'done'; people: number };

export const firstStep: ReleaseStep = { at: 'warning', changed: false };

/** Answers that leave open whether it was done. */
function isUnknown(error: Error): boolean {
  if (!(error instanceof ApiError)) return true;
  return (
    error.hasNoResponse ||
    error.code === 'client.unreadable' ||
    error.code === 'internal.error' ||
    error.code === 'device.outcome_unknown'
  );
}

/** Where it goes on after the device could not be taken away, or so it seemed. */
export function afterFailedRelease(error: Error): ReleaseStep {
  if (isUnknown(error)) return { at: 'unknown' };
  if (error instanceof ApiError && error.code === 'device.holders_changed') {
    return { at: 'warning', changed: true };
  }
  return { at: 'proof', fault: error };
}
