import type { StoredValue } from '@client/storage/stored-value';
import type { Credentials } from './api-client';

interface SessionOptions {
  /** The token between openings. */
  stored: StoredValue<string>;
  /** Whether the person signed out; then nobody signs them in again but themselves. */
  signedOut: StoredValue<string>;
  /** Signs in at the platform and at the BFF; resolves to the token. */
  signIn(): Promise<string>;
  /** What calls fail with while signed out. */
  signedOutError(): Error;
}

export interface Session extends Credentials {
  token(): Promise<string>;
  isSignedOut(): boolean;
  /** Forgets the token. Calls are refused until `open`. */
  signOut(): void;
  /** Lets calls sign in again. */
  allowSignIn(): void;
}

/**
 * The customer's session: signs in by itself where there is no token or it was refused. However many
 * calls find that out at the same time, there is one signing in.
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
      // Another call may have renewed it while this one was on its way.
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
