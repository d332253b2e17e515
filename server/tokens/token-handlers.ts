import type { Handlers } from '../contract/handlers';
import type { AccessToken } from '../platforms/token-holder';
import { rfc3339 } from '../lib/rfc3339';
import type { TokenService } from './token-service';

type TokenRoutes = Extract<keyof Handlers, `${string} /internal/tokens/${string}`>;

function present({ value, expiresAt }: AccessToken) {
  return { accessToken: value, tokenType: 'Bearer' as const, expiresAt: rfc3339(expiresAt) };
}

/** What the operator's other servers do with tokens, over HTTP. */
export function tokenHandlers(tokens: TokenService): Pick<Handlers, TokenRoutes> {
  return {
    'GET /internal/tokens/:platform': async ({ params, requestId, ip }) => ({
      status: 200,
      body: present(await tokens.read(params.platform, { requestId, ip })),
    }),
    'POST /internal/tokens/:platform/refresh': async ({ params, body, requestId, ip }) => ({
      status: 200,
      body: present(await tokens.refresh(params.platform, body.failedToken, { requestId, ip })),
    }),
  };
}
