import type { Handlers } from '../contract/handlers';
import { rfc3339 } from '../lib/rfc3339';
import type { StaffSessionContext } from './staff-sessions';
import { signInStaff, signOutStaff } from './staff-sessions';
import type { UserSessionContext } from './user-sessions';
import { signInUser, signOutUser } from './user-sessions';

export type AccountRoute =
  | 'POST /sessions'
  | 'DELETE /sessions/current'
  | 'GET /me'
  | 'POST /support/sessions'
  | 'DELETE /support/sessions/current';

/** Signing in and out, of customers and of staff. */
export function accountHandlers(
  context: UserSessionContext & StaffSessionContext,
): Pick<Handlers, AccountRoute> {
  return {
    'POST /sessions': async ({ body }) => {
      const { token, expiresAt, userId } = await signInUser(context, body.code);
      return {
        status: 201,
        body: { token, expiresAt: rfc3339(expiresAt), user: { id: userId } },
      };
    },
    'DELETE /sessions/current': async ({ token }) => {
      await signOutUser(context, token);
      return { status: 204 };
    },
    'GET /me': ({ auth }) =>
      Promise.resolve({
        status: 200,
        body: { id: auth.userId, createdAt: rfc3339(auth.createdAt) },
      }),
    'POST /support/sessions': async ({ body: { username, password } }) => {
      const { token, expiresAt, staff } = await signInStaff(context, username, password);
      const { staffId: id, role } = staff;
      return {
        status: 201,
        body: { token, expiresAt: rfc3339(expiresAt), staff: { id, username, role } },
      };
    },
    'DELETE /support/sessions/current': async ({ token }) => {
      await signOutStaff(context, token);
      return { status: 204 };
    },
  };
}
