import Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { randomToken } from '../ids';
import { formBody } from '../request-body';
import type { Simulator } from '../simulator';
import { authorizationRoutes, consumeAuthorizationCode } from './authorization';
import { isKnownScope, scopesOf } from './scopes';

/** As in the access document's sample. */
const TOKEN_LIFETIME_S = 7200;

const allScopes = ['iot.cardservice.all', 'iot.paymentservice.all'];

/** The document writes `client_Id`; standard servers of this kind write `client_id`. */
const form = z.object({
  grant_type: z.string(),
  client_Id: z.string().optional(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  scope: z.string().max(2000).optional(),
  /** Of the grant authorization_code. */
  code: z.string().max(256).optional(),
  redirect_uri: z.string().max(2000).optional(),
});
type TokenRequest = z.infer<typeof form>;

type TokenError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unsupported_grant_type'
  | 'invalid_scope';

/** The result of a grant: the permissions of the token, or an error. */
type GrantResult = string[] | TokenError;

const grants: Readonly<
  Record<string, (simulator: Simulator, request: TokenRequest) => GrantResult>
> = {
  client_credentials(_world, { scope = '' }) {
    if (!isKnownScope(scope)) return 'invalid_scope';
    const scopes = scopesOf(scope);
    return scopes.length > 0 ? scopes : allScopes;
  },
  authorization_code(simulator, { code = '', redirect_uri: redirectUri = '' }) {
    const scope = consumeAuthorizationCode(simulator, code, redirectUri);
    return scope === undefined ? 'invalid_grant' : scopesOf(scope);
  },
};

function resolveGrant(simulator: Simulator, request: TokenRequest): GrantResult {
  const { clientId, clientSecret } = simulator.credentials;
  const grant = Object.hasOwn(grants, request.grant_type) ? grants[request.grant_type] : undefined;
  if (!grant) return 'unsupported_grant_type';
  const id = request.client_Id ?? request.client_id;
  if (id !== clientId || request.client_secret !== clientSecret) return 'invalid_client';
  return grant(simulator, request);
}

function issueToken(simulator: Simulator, scopes: string[]) {
  const value = randomToken(48);
  simulator.state.tokenRequests.issued += 1;
  simulator.state.token = { value, scopes, expiresAt: simulator.now() + TOKEN_LIFETIME_S * 1000 };
  return { access_token: value, expires_in: TOKEN_LIFETIME_S, token_type: 'Bearer' };
}

/** A token server that knows RFC 6749 and not 旭宇's document. */
function handleStandardRequest(simulator: Simulator, ctx: Context): void {
  const request = form.omit({ client_Id: true }).safeParse(ctx.request.body);
  const granted =
    request.success && ctx.is('urlencoded') && request.data.client_id !== undefined
      ? resolveGrant(simulator, request.data)
      : 'invalid_request';
  ctx.set('Cache-Control', 'no-store');
  ctx.status = Array.isArray(granted) ? 201 : 400;
  ctx.body = Array.isArray(granted)
    ? {
        ...issueToken(simulator, granted),
        expires_in: String(TOKEN_LIFETIME_S),
        token_type: 'bearer',
      }
    : { error: granted, error_description: 'see RFC 6749 section 5.2' };
}

function handleTokenRequest(simulator: Simulator, ctx: Context): void {
  simulator.state.tokenRequests.asked += 1;
  if (simulator.state.faults.tokenServerDown) {
    ctx.status = 503;
    ctx.body = 'Service Unavailable';
    return;
  }
  if (simulator.state.faults.tokenServerStandard) {
    handleStandardRequest(simulator, ctx);
    return;
  }
  const request = form.safeParse(ctx.request.body);
  const granted = request.success ? resolveGrant(simulator, request.data) : 'invalid_request';
  ctx.set('Cache-Control', 'no-store');
  ctx.status = Array.isArray(granted) ? 200 : 400;
  ctx.body = Array.isArray(granted) ? issueToken(simulator, granted) : { error: granted };
}

/** The token server. One token is valid at a time: a new one revokes the one before. */
export function tokenRoutes(simulator: Simulator): Router {
  const router = new Router();
  router.post('/connect/token', formBody(), (ctx) => {
    handleTokenRequest(simulator, ctx);
  });
  router.use(authorizationRoutes(simulator).routes());
  return router;
}
