import type { ServiceAuth } from '../contract/caller';
import { createHash, timingSafeEqual } from 'node:crypto';

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * Knows the operator's other servers by their key. Digests are compared, in constant time: neither how
 * much of a key was right nor how long it is can be measured.
 * @returns undefined where there is no key, so that nobody is let in.
 */
export function createServiceKeyAuthenticator(
  key: string | undefined,
): ((given: string) => ServiceAuth | undefined) | undefined {
  if (key === undefined) return undefined;
  const expected = digest(key);
  return (given) => (timingSafeEqual(digest(given), expected) ? { service: true } : undefined);
}
