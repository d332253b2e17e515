import { ApiError } from '@client/api/api-error';

/** The step that a user has reached in releasing a device. */
export type ReleaseStep =
  /** Reads the warning; `changed` if the users have changed since it was confirmed. */
  | { at: 'warning'; changed: boolean }
  /** Enters the number of the card; `error` is that of the last attempt, which did not release the device. */
  | { at: 'proof'; error: Error | undefined }
  /** The device may have been released: there was no clear response. */
  | { at: 'unknown' }
  | { at: 'done'; userCount: number };

export const firstStep: ReleaseStep = { at: 'warning', changed: false };

/** Whether the device may have been released despite the error. */
function isUnknown(error: Error): boolean {
  if (!(error instanceof ApiError)) return true;
  return (
    error.hasNoResponse ||
    error.code === 'client.unreadable' ||
    error.code === 'internal.error' ||
    error.code === 'device.outcome_unknown'
  );
}

/** The step that follows an error of the release. */
export function afterFailedRelease(error: Error): ReleaseStep {
  if (isUnknown(error)) return { at: 'unknown' };
  if (error instanceof ApiError && error.code === 'device.holders_changed') {
    return { at: 'warning', changed: true };
  }
  return { at: 'proof', error };
}
