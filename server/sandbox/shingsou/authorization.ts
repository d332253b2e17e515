import Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { randomToken } from '../ids';
import type { Simulator } from '../simulator';
import { isKnownScope } from './scopes';

/** A code is good once, and for a few minutes. */
const CODE_LIFETIME_MS = 5 * 60_000;

const text = z.string().min(1).max(2000);
const request = z.object({
  response_type: z.literal('code'),
  client_id: text,
  redirect_uri: z.url({ protocol: /^https?$/ }),
  scope: text,
  /** 必传 (access document, 网站应用). */
  state: text,
});
type AuthorizationRequest = z.output<typeof request>;

/** Addresses are registered with an application; the sandbox's one has every https and every local one. */
function isRegistered(address: string): boolean {
  const { protocol, hostname, hash } = new URL(address);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return hash === '' && (protocol === 'https:' || isLocal);
}

function issueCode(
  simulator: Simulator,
  { redirect_uri: redirectUri, scope }: AuthorizationRequest,
) {
  const { shingsou } = simulator.state;
  const now = simulator.now();
  const code = randomToken(24);
  const unexpired = shingsou.authorizationCodes.filter(({ expiresAt }) => expiresAt > now);
  const newCode = { code, redirectUri, scope, expiresAt: now + CODE_LIFETIME_MS };
  shingsou.authorizationCodes = [...unexpired, newCode];
  return code;
}

/** Uses a code up; answers the scope it was given for, where it is good for that address. */
export function consumeAuthorizationCode(
  simulator: Simulator,
  code: string,
  redirectUri: string,
): string | undefined {
  const { shingsou } = simulator.state;
  const found = shingsou.authorizationCodes.find((one) => one.code === code);
  if (!found) return undefined;
  shingsou.authorizationCodes = shingsou.authorizationCodes.filter((one) => one !== found);
  const isGood = found.redirectUri === redirectUri && found.expiresAt > simulator.now();
  return isGood ? found.scope : undefined;
}

/** Whoever cannot be sent back safely stays here with an error (RFC 6749, 4.1.2.1). */
function authorize(simulator: Simulator, ctx: Context): void {
  const parsed = request.safeParse(ctx.query);
  if (!parsed.success) return ctx.throw(400, 'the authorisation request is not complete');
  const { client_id: clientId, redirect_uri: redirectUri, scope, state } = parsed.data;
  const isRegisteredClient =
    clientId === simulator.credentials.clientId && isRegistered(redirectUri);
  if (!isRegisteredClient) return ctx.throw(400, 'unknown application or address');
  const back = new URL(redirectUri);
  if (isKnownScope(scope)) back.searchParams.set('code', issueCode(simulator, parsed.data));
  else back.searchParams.set('error', 'invalid_scope');
  back.searchParams.set('state', state);
  ctx.set('Cache-Control', 'no-store');
  ctx.redirect(back.href);
}

/** 获取授权码: the person agrees at once, and is sent back with a code. */
export function authorizationRoutes(simulator: Simulator): Router {
  const router = new Router();
  router.get('/connect/authorize/callback', (ctx) => {
    authorize(simulator, ctx);
  });
  return router;
}
