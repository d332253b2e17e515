import { isString } from '@client/lib/guards';
import { storedValue } from '@client/storage/stored-value';
import type { StorageArea } from '@client/storage/stored-value';
import { createSession } from './session';

function memoryStorage(): StorageArea {
  const values = new Map<string, unknown>();
  return {
    getStorageSync: (key) => values.get(key),
    setStorageSync: (key, value) => values.set(key, value),
    removeStorageSync: (key) => values.delete(key),
  };
}

function sessionIn(area: StorageArea, signIn: () => Promise<string>) {
  return createSession({
    stored: storedValue('token', isString, area),
    signedOut: storedValue('out', isString, area),
    signIn,
    signedOutError: () => new Error('signed out'),
  });
}

/** A sign-in that returns token-1, token-2 and so on, and counts its calls. */
function countingSignIn() {
  let count = 0;
  const signIn = () => Promise.resolve(`token-${String((count += 1))}`);
  return { signIn, times: () => count };
}

test('concurrent calls without a token share one sign-in', async () => {
  const { signIn, times } = countingSignIn();
  const session = sessionIn(memoryStorage(), signIn);
  const tokens = await Promise.all([session.token(), session.token(), session.token()]);
  expect(tokens).toEqual(['token-1', 'token-1', 'token-1']);
  expect(times()).toBe(1);
});

test('a stored token is used without signing in', async () => {
  const area = memoryStorage();
  await sessionIn(area, () => Promise.resolve('kept')).token();
  const { signIn, times } = countingSignIn();
  await expect(sessionIn(area, signIn).token()).resolves.toBe('kept');
  expect(times()).toBe(0);
});

test('calls rejected with the same token renew it once', async () => {
  const { signIn, times } = countingSignIn();
  const session = sessionIn(memoryStorage(), signIn);
  const old = await session.token();
  const renewed = await Promise.all([session.renew(old), session.renew(old)]);
  const late = await session.renew(old);
  expect([...renewed, late]).toEqual(['token-2', 'token-2', 'token-2']);
  expect(times()).toBe(2);
});

test('after a failed sign-in the next call tries again', async () => {
  let online = false;
  const session = sessionIn(memoryStorage(), () =>
    online ? Promise.resolve('token') : Promise.reject(new Error('offline')),
  );
  await expect(session.token()).rejects.toThrow('offline');
  online = true;
  await expect(session.token()).resolves.toBe('token');
});

test('a user who signed out is not signed in automatically, not even after a relaunch', async () => {
  const area = memoryStorage();
  const { signIn, times } = countingSignIn();
  const session = sessionIn(area, signIn);
  await session.token();
  session.signOut();
  await expect(session.token()).rejects.toThrow('signed out');
  const reopened = sessionIn(area, signIn);
  await expect(reopened.token()).rejects.toThrow('signed out');
  expect(times()).toBe(1);
  reopened.allowSignIn();
  await expect(reopened.token()).resolves.toBe('token-2');
});
