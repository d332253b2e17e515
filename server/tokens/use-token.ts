import { readStoredToken, SHORT_CHECK_INTERVAL_MS } from './read-token';
import { replaceToken } from './replace-token';
import type { HeldToken, TokenContext } from './token-context';
import { runOnce } from './token-context';
import { invalidateToken } from './token-queries';

async function checkAndRenew(context: TokenContext): Promise<HeldToken> {
  const { row, token } = await readStoredToken(context);
  if (!token) return replaceToken(context, row?.generation ?? 0);
  // Renewal ahead of expiry may fail: the current token is still valid.
  if (context.clock() >= token.renewAt) {
    replaceToken(context, token.generation).catch(() => undefined);
  }
  return token;
}

/** If the store does not answer, the cached token is used until it expires. */
async function checkOrKeepCached(context: TokenContext): Promise<HeldToken> {
  const { state, clock } = context;
  const before = state.cached;
  try {
    return await checkAndRenew(context);
  } catch (error) {
    if (!before || before !== state.cached || clock() >= before.expiresAt) throw error;
    state.nextCheckAt = Math.min(clock() + SHORT_CHECK_INTERVAL_MS, before.expiresAt);
    return before;
  }
}

/**
 * The token to use now; a new one if there is none.
 * @throws PlatformUnavailable, or what `fetchToken` threw, if there is no token
 */
export async function currentToken(context: TokenContext): Promise<HeldToken> {
  const { state, clock } = context;
  if (state.cached && clock() < state.nextCheckAt) return state.cached;
  return runOnce(state, 'current', () => checkOrKeepCached(context));
}

async function replaceRefused(context: TokenContext, refused: string): Promise<HeldToken> {
  const { platform, store, state } = context;
  const { row, token } = await readStoredToken(context);
  if (token && token.value !== refused) return token;
  if (token) {
    state.cached = undefined;
    await invalidateToken(store, platform, token.generation);
  }
  return replaceToken(context, row?.generation ?? 0);
}

/**
 * A token other than the refused one; the refused one is replaced only if it is still the stored one.
 * @throws PlatformUnavailable, or what `fetchToken` threw, if there is no other token
 */
export function refreshToken(context: TokenContext, refused: string): Promise<HeldToken> {
  return runOnce(context.state, `refuse ${refused}`, () => replaceRefused(context, refused));
}

/**
 * Replaces the token if it is due for renewal.
 * @returns when to check again (epoch ms); null if there has never been a token
 * @throws PlatformUnavailable, or what `fetchToken` threw, if it could not be replaced
 */
export async function renewTokenIfDue(context: TokenContext): Promise<number | null> {
  const { row, token } = await readStoredToken(context);
  if (!row || row.generation === 0) return null;
  if (token && context.clock() < token.renewAt) return token.renewAt;
  return (await replaceToken(context, row.generation)).renewAt;
}
