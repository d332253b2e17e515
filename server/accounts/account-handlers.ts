import type { Handlers } from '../contract/handlers';
import { rfc3339 } from '../lib/rfc3339';
import type { SessionService } from './user-sessions';

type AccountRoutes = 'POST /sessions' | 'DELETE /sessions/current' | 'GET /me';

/** Signing in and out. */
export function accountHandlers(sessions: SessionService): Pick<Handlers, AccountRoutes> {
  return {
    'POST /sessions': async ({ body }) => {
      const { token, expiresAt, userId } = await sessions.signIn(body.code);
      return {
        status: 201,
        body: { token, expiresAt: rfc3339(expiresAt), user: { id: userId } },
      };
    },
    'DELETE /sessions/current': async ({ token }) => {
      await sessions.signOut(token);
      return { status: 204 };
    },
    'GET /me': ({ auth }) =>
      Promise.resolve({
        status: 200,
        body: { id: auth.userId, createdAt: rfc3339(auth.createdAt) },
      }),
  };
}
