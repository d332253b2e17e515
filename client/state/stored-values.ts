import type { Card } from '@shared/contract';
import { phoneStoredValue } from '@client/storage/phone-storage';
import { isDehydratedState } from './persist-cache';
import { isLookUps, addLookUp } from './recent-look-ups';

/** What this phone keeps between openings. */

/** The answers seen last. */
export const storedCache = phoneStoredValue('liuka.cache-1', isDehydratedState);

/** The cards looked up last. */
export const storedLookUps = phoneStoredValue('liuka.recent', isLookUps);

/** Remembers a card that was opened. */
export function addRecentLookUp(card: Card): void {
  storedLookUps.write(addLookUp(storedLookUps.read() ?? [], card));
}
