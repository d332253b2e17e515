import type { Handlers } from '../contract/handlers';
import { rfc3339 } from '../lib/rfc3339';
import type { AccessToken } from '../platforms/token-holder';
import type { TokenServiceContext } from './token-service';
import { readTokenForServer, refreshTokenForServer } from './token-service';

type TokenRoute = Extract<keyof Handlers, `${string} /internal/tokens/${string}`>;

function presentToken({ value, expiresAt }: AccessToken) {
  return { accessToken: value, tokenType: 'Bearer' as const, expiresAt: rfc3339(expiresAt) };
}

/** Access tokens, for the operator's other servers. */
export function tokenHandlers(context: TokenServiceContext): Pick<Handlers, TokenRoute> {
  return {
    'GET /internal/tokens/:platform': async ({ params, requestId, ip }) => {
      const token = await readTokenForServer(context, params.platform, { requestId, ip });
      return { status: 200, body: presentToken(token) };
    },
    'POST /internal/tokens/:platform/refresh': async ({ params, body, requestId, ip }) => {
      const caller = { requestId, ip };
      const { platform } = params;
      const token = await refreshTokenForServer(context, platform, body.failedToken, caller);
      return { status: 200, body: presentToken(token) };
    },
  };
}
