export type LoginResult =
  | { outcome: 'done'; openid: string; unionid: string | null }
  | { outcome: 'refused'; reason: 'codeInvalid' | 'blocked' };

/** Signs customers in with the login codes of a mini-program. */
export interface IdentityProvider {
  /** The mini-program this provider issues openids for. An openid is unique only within its mini-program. */
  readonly appId: string;
  /** @throws PlatformUnavailable */
  exchangeCode(code: string): Promise<LoginResult>;
}
