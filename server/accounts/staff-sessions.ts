import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { StaffAuth } from '../contract/caller';
import { ApiError } from '../lib/api-error';
import { newToken, sha256 } from '../store/ids';
import type { Store } from '../store/store';
import { hashPassword, passwordMatches } from './password';
import {
  deleteStaffSession,
  findStaffBySession,
  findStaffByUsername,
  insertStaffSession,
} from './staff-queries';

const SESSION_TTL_MS = 12 * 60 * 60 * 1000;
/** The number of wrong passwords that locks a user name, and for how many seconds. */
const LOCK = { points: 5, duration: 15 * 60 };

export interface StaffSessionContext {
  store: Store;
  /** Epoch ms. */
  clock: () => number;
  /** The failed attempts of each user name. */
  staffSignInFailures: RateLimiterMemory;
}

export interface IssuedStaffSession {
  token: string;
  /** Epoch ms. */
  expiresAt: number;
  staff: StaffAuth;
}

export function createStaffSignInFailures(): RateLimiterMemory {
  return new RateLimiterMemory({ keyPrefix: 'staff', ...LOCK });
}

let dummyHash: Promise<string> | undefined;

/** The hash of a random password, made at the first use because hashing is slow by design. */
function readDummyHash(): Promise<string> {
  return (dummyHash ??= hashPassword(newToken()));
}

/** @throws ApiError `login.locked` */
async function assertNotLocked(failures: RateLimiterMemory, username: string): Promise<void> {
  const usage = await failures.get(username);
  if (!usage || usage.consumedPoints < LOCK.points) return;
  throw new ApiError('login.locked', {
    retryAfterSeconds: Math.ceil(usage.msBeforeNext / 1000),
  });
}

/**
 * Signs a member of the staff in. An unknown user name is checked as slowly as a known one, refused with
 * the same error, and locked as well, so that user names cannot be found out.
 * @throws ApiError `login.password_wrong`, `login.locked`
 */
export async function signInStaff(
  { store, clock, staffSignInFailures: failures }: StaffSessionContext,
  username: string,
  password: string,
): Promise<IssuedStaffSession> {
  await assertNotLocked(failures, username);
  // Counted before the slow check, so that concurrent attempts are counted as well.
  await failures.penalty(username);
  const member = await findStaffByUsername(store, username);
  const hash = member?.password_hash ?? (await readDummyHash());
  const matches = await passwordMatches(password, hash);
  if (!member || !matches) throw new ApiError('login.password_wrong');
  await failures.delete(username);
  const now = clock();
  const token = newToken();
  const expiresAt = now + SESSION_TTL_MS;
  await insertStaffSession(store, {
    tokenHash: sha256(token),
    staffId: member.id,
    expiresAt,
    now,
  });
  return { token, expiresAt, staff: { staffId: member.id, username, role: member.role } };
}

/** The member of the staff whose session token this is; undefined if it is unknown or has expired. */
export async function authenticateStaff(
  { store, clock }: StaffSessionContext,
  token: string,
): Promise<StaffAuth | undefined> {
  const row = await findStaffBySession(store, sha256(token), clock());
  return row && { staffId: row.id, username: row.username, role: row.role };
}

export async function signOutStaff({ store }: StaffSessionContext, token: string): Promise<void> {
  await deleteStaffSession(store, sha256(token));
}
