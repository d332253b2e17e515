import { useSyncExternalStore } from 'react';
import { ApiError } from '@client/api/api-error';
import { currentTexts } from '@client/i18n/language';
import { createApiFor, publicApi } from '@client/api/services';
import { phoneStoredValue } from '@client/storage/phone-storage';
import { isRecord, isString } from '@client/lib/guards';

/** A member of the staff who is signed in; kept apart from the customer's session. */
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

/** Forgets the session; the page then shows the way in. */
function rejectSignedOut(): Promise<never> {
  setSession(undefined);
  const errorText = currentTexts().errors['client.signed_out'];
  return Promise.reject(new ApiError({ code: 'client.signed_out', status: 0, ...errorText }));
}

/** Calls made for the staff. A refused token is never replaced by itself: people sign in. */
export const staffApi = createApiFor({
  token: () => (current ? Promise.resolve(current.token) : rejectSignedOut()),
  renew: rejectSignedOut,
});

/** Signs a member of the staff in. @throws ApiError `login.password_wrong`, `login.locked` */
export async function signInStaff(username: string, password: string): Promise<void> {
  const { token, staff } = await publicApi('POST /support/sessions', {
    body: { username, password },
  });
  setSession({ token, username: staff.username });
}

/** Signs out here and at the BFF. */
export async function signOutStaff(): Promise<void> {
  // Without a network the token is forgotten all the same; it runs out by itself.
  await staffApi('DELETE /support/sessions/current').catch(() => undefined);
  setSession(undefined);
}

/** Who is signed in; undefined while nobody is. */
export function useStaff(): StaffSession | undefined {
  const read = (): StaffSession | undefined => current;
  return useSyncExternalStore(subscribe, read, read);
}
