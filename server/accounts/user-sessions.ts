import type { UserAuth } from '../contract/caller';
import { ApiError } from '../lib/api-error';
import type { ExpiringCache } from '../lib/expiring-cache';
import { createExpiringCache } from '../lib/expiring-cache';
import type { IdentityProvider } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import { newToken, sha256 } from '../store/ids';
import type { Store } from '../store/store';
import { deleteUserSession, findUserSession, insertUserSession } from './user-session-queries';

const SESSION_TTL_MS = 30 * 24 * 60 * 60 * 1000;
const CACHE_TTL_MS = 10_000;
const MAX_CACHED_SESSIONS = 10_000;
const RETRY_AFTER_SECONDS = 5;

export interface UserSessionContext {
  store: Store;
  /** Epoch ms. */
  clock: () => number;
  identity: IdentityProvider;
  /** The users of recently used sessions, by the hash of the token. */
  userSessions: ExpiringCache<UserAuth>;
}

export interface IssuedSession {
  token: string;
  /** Epoch ms. */
  expiresAt: number;
  userId: string;
}

export function createUserSessionCache(clock: () => number): ExpiringCache<UserAuth> {
  return createExpiringCache({ max: MAX_CACHED_SESSIONS, ttlMs: CACHE_TTL_MS, clock });
}

/** @throws ApiError `login.unavailable`: it is WeChat that does not answer, and not a platform of cards */
async function exchangeCode(identity: IdentityProvider, code: string) {
  try {
    return await identity.exchangeCode(code);
  } catch (error) {
    if (!(error instanceof PlatformUnavailable)) throw error;
    throw new ApiError('login.unavailable', {
      cause: error,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}

/**
 * Signs a customer in with a login code. The session token is opaque, and only its hash is stored.
 * @throws ApiError `login.code_invalid`, `login.refused`, `login.unavailable`
 */
export async function signInUser(
  { store, clock, identity }: UserSessionContext,
  code: string,
): Promise<IssuedSession> {
  const result = await exchangeCode(identity, code);
  if (result.outcome === 'refused') {
    throw new ApiError(result.reason === 'blocked' ? 'login.refused' : 'login.code_invalid');
  }
  const now = clock();
  const token = newToken();
  const expiresAt = now + SESSION_TTL_MS;
  const userId = await insertUserSession(store, {
    appId: identity.appId,
    openid: result.openid,
    tokenHash: sha256(token),
    expiresAt,
    now,
  });
  return { token, expiresAt, userId };
}

/** The customer whose session token this is; undefined if it is unknown or has expired. */
export async function authenticateUser(
  { store, clock, userSessions }: UserSessionContext,
  token: string,
): Promise<UserAuth | undefined> {
  const tokenHash = sha256(token);
  const cached = userSessions.get(tokenHash);
  if (cached) return cached;
  const now = clock();
  const row = await findUserSession(store, tokenHash, now);
  if (!row) return undefined;
  const auth = { userId: row.id, openid: row.openid, createdAt: row.created_at };
  userSessions.set(tokenHash, auth, Math.min(CACHE_TTL_MS, row.expires_at - now));
  return auth;
}

export async function signOutUser(
  { store, userSessions }: UserSessionContext,
  token: string,
): Promise<void> {
  const tokenHash = sha256(token);
  userSessions.delete(tokenHash);
  await deleteUserSession(store, tokenHash);
}
