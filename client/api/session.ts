import type { StoredValue } from '@client/storage/stored-value';
import type { Credentials } from './api-client';

interface SessionOptions {
  /** The token, kept between launches. */
  stored: StoredValue<string>;
  /** Set once the user has signed out. While it is set, calls do not sign in automatically. */
  signedOut: StoredValue<string>;
  /** Signs in with WeChat and the BFF; resolves to the token. */
  signIn(): Promise<string>;
  /** The error of calls made while signed out. */
  signedOutError(): Error;
}

export interface Session extends Credentials {
  token(): Promise<string>;
  isSignedOut(): boolean;
  /** Forgets the token. Calls then fail until `allowSignIn`. */
  signOut(): void;
  /** Lets calls sign in automatically again. */
  allowSignIn(): void;
}

/**
 * The customer's session. It signs in automatically when there is no token or the BFF rejected it.
 * Concurrent calls share one sign-in.
 */
export function createSession({
  stored,
  signedOut,
  signIn,
  signedOutError,
}: SessionOptions): Session {
  let current = stored.read();
  let signingIn: Promise<string> | undefined;

  async function signInAndStore(): Promise<string> {
    const token = await signIn();
    current = token;
    stored.write(token);
    return token;
  }

  const isSignedOut = (): boolean => signedOut.read() !== undefined;

  function signInOnce(): Promise<string> {
    if (isSignedOut()) return Promise.reject(signedOutError());
    signingIn ??= signInAndStore().finally(() => {
      signingIn = undefined;
    });
    return signingIn;
  }

  return {
    token: () => (current === undefined ? signInOnce() : Promise.resolve(current)),
    renew(rejectedToken) {
      // Another call may have renewed the token in the meantime.
      if (current !== undefined && current !== rejectedToken) return Promise.resolve(current);
      current = undefined;
      return signInOnce();
    },
    isSignedOut,
    signOut() {
      current = undefined;
      stored.clear();
      signedOut.write('yes');
    },
    allowSignIn: () => signedOut.clear(),
  };
}
