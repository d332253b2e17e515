import type { ServiceAuth } from '../contract/caller';
import { constantTimeEqual } from '../lib/constant-time';

/**
 * Makes the authenticator of the operator's other servers, which share one key.
 * @returns undefined if no key is configured
 */
export function createServiceKeyAuthenticator(
  key: string | undefined,
): ((given: string) => ServiceAuth | undefined) | undefined {
  if (key === undefined) return undefined;
  return (given) => (constantTimeEqual(given, key) ? { service: true } : undefined);
}
