import type { Card } from '@shared/contract';
import { phoneStoredValue } from '@client/storage/phone-storage';
import { isDehydratedState } from './persist-cache';
import { isLookUps, addLookUp } from './recent-look-ups';

/** Values that are kept on the phone between launches. */

/** The query cache. */
export const storedCache = phoneStoredValue('liuka.cache-1', isDehydratedState);

/** The cards that were looked up last. */
export const storedLookUps = phoneStoredValue('liuka.recent', isLookUps);

/** Adds a card to the recent look-ups. */
export function addRecentLookUp(card: Card): void {
  storedLookUps.write(addLookUp(storedLookUps.read() ?? [], card));
}
