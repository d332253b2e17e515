import { createHash, timingSafeEqual } from 'node:crypto';

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * Compares two texts, such as a secret and a guess. Digests of equal length are compared in constant
 * time, so the duration tells neither how much of a guess was right nor how long the secret is.
 */
export function constantTimeEqual(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}
