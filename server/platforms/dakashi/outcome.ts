import { PlatformBusy } from '../ports';
import type { Outcome } from '../ports';
import type { CallResult } from './client';

/** The outcome of a call that changes something. @throws PlatformBusy if nothing was done */
export function toOutcome<Data, Value>(
  result: CallResult<Data>,
  read: (data: Data) => Value,
): Outcome<Value, 'rejected'> {
  switch (result.outcome) {
    case 'busy':
      throw new PlatformBusy(result.message);
    case 'done':
      return { outcome: 'done', value: read(result.data) };
    case 'refused':
      return { outcome: 'refused', reason: 'rejected', message: result.message };
    case 'unknown':
      return result;
  }
}
