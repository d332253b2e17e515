import type { RouteDeclaration } from '@shared/contract/route';
import { hasRole } from '@shared/contract/staff-role';
import type { ServiceAuth, StaffAuth, UserAuth } from '../contract/caller';
import { ApiError } from '../lib/api-error';
import type { HttpContext } from './context';

/** Identifies the caller by a token. A token is valid for its own audience only. */
export interface Authenticators {
  user: (token: string) => Promise<UserAuth | undefined>;
  staff: (token: string) => Promise<StaffAuth | undefined>;
  /** Undefined if no key for other servers is configured. */
  service: ((key: string) => ServiceAuth | undefined) | undefined;
}

export type Auth = UserAuth | StaffAuth | ServiceAuth | undefined;

const BEARER = /^Bearer ([\w-]{20,128})$/;

/** The bearer token of a request; empty if it has none. */
export function bearerToken(ctx: HttpContext): string {
  return BEARER.exec(ctx.get('authorization'))?.[1] ?? '';
}

/** @throws ApiError `session.required`, `internal.key_required`, `internal.disabled` */
export async function authenticate(
  authenticators: Authenticators,
  audience: RouteDeclaration['audience'],
  token: string,
): Promise<Auth> {
  if (audience === 'anyone') return undefined;
  const identify = authenticators[audience];
  if (!identify) throw new ApiError('internal.disabled');
  const auth = token && (await identify(token));
  if (auth) return auth;
  throw new ApiError(audience === 'service' ? 'internal.key_required' : 'session.required');
}

/** Whether the caller has the role that the route declares; true for routes without a role. */
export function isAllowed({ role }: RouteDeclaration, auth: Auth): boolean {
  if (role === undefined) return true;
  return auth !== undefined && 'role' in auth && hasRole(auth.role, role);
}
