import type { UserAuth } from '../contract/caller';
import { orRefuse } from '../platforms/or-refuse';
import type { IdentityProvider } from '../platforms/ports';
import { ApiError } from '../lib/api-error';
import { newId, newToken, sha256 } from '../store/ids';
import type { Store } from '../store/store';

const SESSION_MS = 30 * 24 * 60 * 60 * 1000;
const CACHE_MS = 10_000;
const CACHE_SIZE = 10_000;

export interface IssuedSession {
  token: string;
  expiresAt: number;
  userId: string;
}

export interface SessionService {
  /** Exchanges a login code for a session. @throws ApiError `login.*`, `platform.unavailable` */
  signIn(code: string): Promise<IssuedSession>;
  /** Whose session a token is; undefined if it is nobody's, or over. */
  authenticate(token: string): Promise<UserAuth | undefined>;
  signOut(token: string): Promise<void>;
}

interface CachedSession {
  auth: UserAuth;
  until: number;
}

/** Sessions of customers: opaque tokens, of which only a hash is stored. */
export function createSessionService({
  store,
  clock,
  identity,
}: {
  store: Store;
  clock: () => number;
  identity: IdentityProvider;
}): SessionService {
  const cache = new Map<string, CachedSession>();

  async function signIn(code: string): Promise<IssuedSession> {
    const result = await orRefuse(() => identity.exchangeCode(code));
    if (result.outcome === 'refused') {
      throw new ApiError(result.reason === 'blocked' ? 'login.refused' : 'login.code_invalid');
    }
    const now = clock();
    const token = newToken();
    const expiresAt = now + SESSION_MS;
    const userId = await store.transaction().execute(async (tx) => {
      await tx.deleteFrom('sessions').where('expires_at', '<=', now).execute();
      const user = await tx
        .insertInto('users')
        .values({ id: newId(), app_id: identity.appId, openid: result.openid, created_at: now })
        .onConflict((conflict) =>
          conflict.columns(['app_id', 'openid']).doUpdateSet({ openid: result.openid }),
        )
        .returning('id')
        .executeTakeFirstOrThrow();
      await tx
        .insertInto('sessions')
        .values({
          token_hash: sha256(token),
          user_id: user.id,
          expires_at: expiresAt,
          created_at: now,
        })
        .execute();
      return user.id;
    });
    return { token, expiresAt, userId };
  }

  async function authenticate(token: string): Promise<UserAuth | undefined> {
    const now = clock();
    const hash = sha256(token);
    const cached = cache.get(hash);
    if (cached && cached.until > now) return cached.auth;
    cache.delete(hash);
    const row = await store
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .select(['users.id', 'users.openid', 'users.created_at', 'sessions.expires_at'])
      .where('token_hash', '=', hash)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    if (!row) return undefined;
    const auth = { userId: row.id, openid: row.openid, createdAt: row.created_at };
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(hash, { auth, until: Math.min(now + CACHE_MS, row.expires_at) });
    return auth;
  }

  async function signOut(token: string): Promise<void> {
    const hash = sha256(token);
    cache.delete(hash);
    await store.deleteFrom('sessions').where('token_hash', '=', hash).execute();
  }

  return { signIn, authenticate, signOut };
}
