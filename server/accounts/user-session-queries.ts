import { newId } from '../store/ids';
import type { Store } from '../store/store';

export interface NewUserSession {
  /** The mini-program that the openid belongs to. */
  appId: string;
  openid: string;
  tokenHash: string;
  /** Epoch ms. */
  expiresAt: number;
  now: number;
}

/** Stores a session, creates its user at the first sign-in, and deletes expired sessions. @returns the user's id */
export function insertUserSession(
  store: Store,
  { appId, openid, tokenHash, expiresAt, now }: NewUserSession,
): Promise<string> {
  return store.transaction().execute(async (tx) => {
    await tx.deleteFrom('sessions').where('expires_at', '<=', now).execute();
    const user = await tx
      .insertInto('users')
      .values({ id: newId(), app_id: appId, openid, created_at: now })
      .onConflict((conflict) => conflict.columns(['app_id', 'openid']).doUpdateSet({ openid }))
      .returning('id')
      .executeTakeFirstOrThrow();
    await tx
      .insertInto('sessions')
      .values({ token_hash: tokenHash, user_id: user.id, expires_at: expiresAt, created_at: now })
      .execute();
    return user.id;
  });
}

/** The session of a token with its user; undefined if there is none or it has expired. */
export function findUserSession(store: Store, tokenHash: string, now: number) {
  return store
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(['users.id', 'users.openid', 'users.created_at', 'sessions.expires_at'])
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', now)
    .executeTakeFirst();
}

export async function deleteUserSession(store: Store, tokenHash: string): Promise<void> {
  await store.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute();
}
