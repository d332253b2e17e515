/** Names of permissions (权限码表), and what OpenID Connect adds. */
const KNOWN_SCOPE = /^(?:openid|profile|iot\.(?:cardservice|paymentservice|payment)(?:\.[a-z]+)+)$/;

/** The permissions a scope names, separated by spaces. */
export function scopesOf(scope: string): string[] {
  return scope.split(' ').filter((name) => name !== '');
}

export function isKnownScope(scope: string): boolean {
  return scopesOf(scope).every((name) => KNOWN_SCOPE.test(name));
}
