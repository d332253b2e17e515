import { useSyncExternalStore } from 'react';
import { ApiError } from '@client/api/api-error';
import { currentTexts } from '@client/i18n/language';
import { createApiFor, publicApi } from '@client/api/services';
import { phoneStoredValue } from '@client/storage/phone-storage';
import { isRecord, isString } from '@client/lib/guards';

/** The session of a staff member. It is separate from the customer's session. */
interface StaffSession {
  token: string;
  username: string;
}

const stored = phoneStoredValue(
  'liuka.staff',
  (value): value is StaffSession =>
    isRecord(value) && isString(value.token) && isString(value.username),
);

let current = stored.read();
const listeners = new Set<() => void>();

function setSession(session: StaffSession | undefined): void {
  current = session;
  if (session) stored.write(session);
  else stored.clear();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Deletes the session, so that the page shows the sign-in form. */
function rejectSignedOut(): Promise<never> {
  setSession(undefined);
  const errorText = currentTexts().errors['client.signed_out'];
  return Promise.reject(new ApiError({ code: 'client.signed_out', status: 0, ...errorText }));
}

/** For routes that need a staff session. A rejected token is not renewed: staff sign in again. */
export const staffApi = createApiFor({
  token: () => (current ? Promise.resolve(current.token) : rejectSignedOut()),
  renew: rejectSignedOut,
});

/** Signs a staff member in. @throws ApiError `login.password_wrong`, `login.locked` */
export async function signInStaff(username: string, password: string): Promise<void> {
  const { token, staff } = await publicApi('POST /support/sessions', {
    body: { username, password },
  });
  setSession({ token, username: staff.username });
}

/** Signs out here and at the BFF. */
export async function signOutStaff(): Promise<void> {
  // Without a network the token is still deleted here; at the BFF it expires.
  await staffApi('DELETE /support/sessions/current').catch(() => undefined);
  setSession(undefined);
}

/** The current staff session; undefined while signed out. */
export function useStaff(): StaffSession | undefined {
  const read = (): StaffSession | undefined => current;
  return useSyncExternalStore(subscribe, read, read);
}
