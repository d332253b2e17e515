import { PlatformUnavailable } from './ports';
import type { TokenHolder } from './token-holder';
import { UpstreamFault } from './upstream-fault';
import type { UpstreamAnswer } from './upstream-http';

const HTTP_UNAUTHORIZED = 401;

/**
 * Sends a request with the access token of the moment, and once more with another where that one is refused. A 401 is
 * given before anything is done, so the one repeat is safe for every operation.
 * @throws UpstreamFault, PlatformUnavailable
 */
export async function sendWithToken(
  tokens: TokenHolder,
  send: (token: string) => Promise<UpstreamAnswer>,
): Promise<UpstreamAnswer> {
  const token = await tokens.current();
  const answer = await send(token.value);
  if (answer.status !== HTTP_UNAUTHORIZED) return answer;
  const refreshed = await tokens.refresh(token.value);
  return send(refreshed.value);
}

/**
 * What is known of a call that got no usable answer: nothing.
 * @throws the error itself where it is a fault of ours
 */
export function toUnknownOutcome(error: unknown): { outcome: 'unknown'; message: string } {
  if (error instanceof UpstreamFault || error instanceof PlatformUnavailable) {
    return { outcome: 'unknown', message: error.message };
  }
  throw error;
}
