import type { StaffRole } from '@shared/contract';
import { newId } from '../store/ids';
import type { StaffRow } from '../store/schema';
import type { Store } from '../store/store';

export interface NewStaff {
  username: string;
  passwordHash: string;
  role: StaffRole;
  now: number;
}

/** @throws a unique violation of `staff.username` if the user name is taken */
export async function insertStaff(
  store: Store,
  { username, passwordHash, role, now }: NewStaff,
): Promise<void> {
  await store
    .insertInto('staff')
    .values({ id: newId(), username, password_hash: passwordHash, role, created_at: now })
    .execute();
}

export function findStaffByUsername(store: Store, username: string): Promise<StaffRow | undefined> {
  return store.selectFrom('staff').selectAll().where('username', '=', username).executeTakeFirst();
}

export interface NewStaffSession {
  tokenHash: string;
  staffId: string;
  /** Epoch ms. */
  expiresAt: number;
  now: number;
}

export async function insertStaffSession(
  store: Store,
  { tokenHash, staffId, expiresAt, now }: NewStaffSession,
): Promise<void> {
  await store
    .insertInto('staff_sessions')
    .values({ token_hash: tokenHash, staff_id: staffId, expires_at: expiresAt, created_at: now })
    .execute();
}

/** The member of the staff whose session this is; undefined if there is none or it has expired. */
export function findStaffBySession(store: Store, tokenHash: string, now: number) {
  return store
    .selectFrom('staff_sessions')
    .innerJoin('staff', 'staff.id', 'staff_sessions.staff_id')
    .select(['staff.id', 'staff.username', 'staff.role'])
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', now)
    .executeTakeFirst();
}

export async function deleteStaffSession(store: Store, tokenHash: string): Promise<void> {
  await store.deleteFrom('staff_sessions').where('token_hash', '=', tokenHash).execute();
}
