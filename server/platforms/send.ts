import { withoutDeadline } from './call-deadline';
import { PlatformUnavailable } from './ports';
import type { TokenHolder } from './token-holder';
import { UpstreamFault } from './upstream-fault';
import type { UpstreamAnswer, UpstreamHttp, UpstreamRequest } from './upstream-http';

/** Sends a request. @throws PlatformUnavailable if no HTTP response came */
export async function sendOrUnavailable(
  http: UpstreamHttp,
  request: UpstreamRequest,
): Promise<UpstreamAnswer> {
  try {
    return await http.send(request);
  } catch (error) {
    if (error instanceof UpstreamFault) throw new PlatformUnavailable(error.message);
    throw error;
  }
}

const HTTP_UNAUTHORIZED = 401;

/**
 * Sends a request with the current access token. If the token is refused, sends the request once more with
 * a new token: a platform answers 401 before it does anything, so this retry is safe for every operation.
 * @throws UpstreamFault, PlatformUnavailable
 */
export async function sendWithToken(
  tokens: TokenHolder,
  send: (token: string) => Promise<UpstreamAnswer>,
): Promise<UpstreamAnswer> {
  const token = await withoutDeadline(() => tokens.current());
  const answer = await send(token.value);
  if (answer.status !== HTTP_UNAUTHORIZED) return answer;
  const refreshed = await withoutDeadline(() => tokens.refresh(token.value));
  return send(refreshed.value);
}
