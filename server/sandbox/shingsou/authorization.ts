import Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { randomToken } from '../ids';
import type { Simulator } from '../simulator';
import { sendConsentPage } from './consent-page';
import { isKnownScope, scopesOf } from './scopes';

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
  /** The simulation's own: what was clicked on the consent page. */
  decision: z.enum(['approve', 'deny']).optional(),
});
type AuthorizationRequest = z.output<typeof request>;

/** Redirect addresses are registered with an application; here every https and every local one is. */
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

/** Consumes a code. @returns the scope it was issued for; undefined if it is not valid for that address */
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

/** Browsers are shown the consent page; a program, which asks for no HTML, consents at once. */
function decisionOf(ctx: Context, decision: AuthorizationRequest['decision']) {
  return decision ?? (ctx.get('Accept').includes('text/html') ? undefined : 'approve');
}

function showConsentPage(ctx: Context, authorization: AuthorizationRequest): void {
  const { client_id: clientId, redirect_uri: redirectUri, scope } = authorization;
  const urlWith = (decision: string) => {
    const query = new URLSearchParams(ctx.querystring);
    query.set('decision', decision);
    return `${ctx.path}?${query.toString()}`;
  };
  sendConsentPage(ctx, {
    clientId,
    scopes: scopesOf(scope),
    redirectUri,
    approveUrl: urlWith('approve'),
    denyUrl: urlWith('deny'),
  });
}

/** What the redirect address is told: a code, or an error (RFC 6749, 4.1.2). */
function responseFor(
  simulator: Simulator,
  authorization: AuthorizationRequest,
  decision: 'approve' | 'deny',
): { code: string } | { error: string } {
  if (!isKnownScope(authorization.scope)) return { error: 'invalid_scope' };
  if (decision === 'deny') return { error: 'access_denied' };
  return { code: issueCode(simulator, authorization) };
}

/** A request whose client or address is unknown is not redirected (RFC 6749, 4.1.2.1). */
function authorize(simulator: Simulator, ctx: Context): void {
  const parsed = request.safeParse(ctx.query);
  if (!parsed.success) return ctx.throw(400, 'the authorisation request is not complete');
  const { client_id: clientId, redirect_uri: redirectUri, scope, state } = parsed.data;
  const isRegisteredClient =
    clientId === simulator.credentials.clientId && isRegistered(redirectUri);
  if (!isRegisteredClient) return ctx.throw(400, 'unknown application or address');
  const decision = decisionOf(ctx, parsed.data.decision);
  if (decision === undefined && isKnownScope(scope)) {
    showConsentPage(ctx, parsed.data);
    return;
  }
  const target = new URL(redirectUri);
  const response = responseFor(simulator, parsed.data, decision ?? 'approve');
  for (const [name, value] of Object.entries(response)) target.searchParams.set(name, value);
  target.searchParams.set('state', state);
  ctx.set('Cache-Control', 'no-store');
  ctx.redirect(target.href);
}

/** 获取授权码: the person consents or denies, and the browser is redirected with the result. */
export function authorizationRoutes(simulator: Simulator): Router {
  const router = new Router();
  router.get('/connect/authorize/callback', (ctx) => {
    authorize(simulator, ctx);
  });
  return router;
}
