import type { Card } from '@shared/contract';
import { keptOnPhone } from '@client/phone-storage';
import { isIntent } from '@client/purchase/intents';
import { isKeptCache } from './keep-cache';
import { isLookUps, withLookUp } from './recent-look-ups';

/** What this phone keeps between openings. */

/** The answers seen last. */
export const keptCache = keptOnPhone('liuka.cache-1', isKeptCache);

/** The cards looked up last. */
export const keptLookUps = keptOnPhone('liuka.recent', isLookUps);

/** The purchase that is not answered yet. */
export const keptIntent = keptOnPhone('liuka.intent', isIntent);

/** Remembers a card that was opened. */
export function rememberLookUp(card: Card): void {
  keptLookUps.write(withLookUp(keptLookUps.read() ?? [], card));
}
