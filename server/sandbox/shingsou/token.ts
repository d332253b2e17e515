import Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { secret } from '../ids';
import { formBody } from '../request-body';
import type { World } from '../world';

/** As the access document's sample answers. */
const TOKEN_LIFETIME_S = 7200;

/** Names of permissions (权限码表), and what OpenID Connect adds. */
const KNOWN_SCOPE = /^(?:openid|profile|iot\.(?:cardservice|paymentservice|payment)(?:\.[a-z]+)+)$/;

const everything = ['iot.cardservice.all', 'iot.paymentservice.all'];

/** The document writes `client_Id`; standard servers of this kind write `client_id`. */
const form = z.object({
  grant_type: z.string(),
  client_Id: z.string().optional(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  scope: z.string().max(2000).optional(),
});
type TokenRequest = z.infer<typeof form>;

type TokenError = 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope';

function scopesOf({ scope }: TokenRequest): string[] {
  const asked = (scope ?? '').split(' ').filter((name) => name !== '');
  return asked.length > 0 ? asked : everything;
}

function errorIn(world: World, request: TokenRequest): TokenError | undefined {
  const { clientId, clientSecret } = world.credentials;
  if (request.grant_type !== 'client_credentials') return 'unsupported_grant_type';
  const id = request.client_Id ?? request.client_id;
  if (id !== clientId || request.client_secret !== clientSecret) return 'invalid_client';
  const known = scopesOf(request).every((name) => KNOWN_SCOPE.test(name));
  return known ? undefined : 'invalid_scope';
}

function issue(world: World, scopes: string[]) {
  const value = secret(48);
  world.state.token = { value, scopes, expiresAt: world.now() + TOKEN_LIFETIME_S * 1000 };
  return { access_token: value, expires_in: TOKEN_LIFETIME_S, token_type: 'Bearer' };
}

function answer(world: World, ctx: Context): void {
  if (world.state.faults.tokenServerDown) {
    ctx.status = 503;
    ctx.body = 'Service Unavailable';
    return;
  }
  const request = form.safeParse(ctx.request.body);
  const error = request.success ? errorIn(world, request.data) : 'invalid_request';
  ctx.set('Cache-Control', 'no-store');
  ctx.status = error ? 400 : 200;
  ctx.body = request.success && !error ? issue(world, scopesOf(request.data)) : { error };
}

/** The token server. One token is valid at a time: a new one ends the one before it. */
export function tokenRoutes(world: World): Router {
  const router = new Router();
  router.post('/connect/token', formBody(), (ctx) => {
    answer(world, ctx);
  });
  return router;
}
