import type { StaffAuth } from '../contract/caller';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { ApiError } from '../lib/api-error';
import { newToken, sha256 } from '../store/ids';
import type { Store } from '../store/store';
import { hashPassword, passwordMatches } from './password';

const SESSION_MS = 12 * 60 * 60 * 1000;
/** Wrong passwords before a name is locked, and for how long. */
const LOCK = { points: 5, duration: 15 * 60 };

export interface StaffSessions {
  /** @throws ApiError `login.password_wrong`, `login.locked` */
  signIn(
    username: string,
    password: string,
  ): Promise<{ token: string; expiresAt: number; staff: StaffAuth }>;
  authenticate(token: string): Promise<StaffAuth | undefined>;
  signOut(token: string): Promise<void>;
}

/**
 * Sessions of the staff, in a table of their own: a customer's token is nobody's here, and the other
 * way round. Names that do not exist are slow, refused and locked just like those that do.
 */
export function createStaffSessions({
  store,
  clock,
}: {
  store: Store;
  clock: () => number;
}): StaffSessions {
  const failures = new RateLimiterMemory({ keyPrefix: 'staff', ...LOCK });
  let cachedDummyHash: Promise<string> | undefined;
  /** Made when it is first needed: it is slow on purpose. */
  const dummyHash = () => (cachedDummyHash ??= hashPassword(newToken()));

  async function assertNotLocked(username: string) {
    const spent = await failures.get(username);
    if (spent && spent.consumedPoints >= LOCK.points) {
      throw new ApiError('login.locked', {
        retryAfterSeconds: Math.ceil(spent.msBeforeNext / 1000),
      });
    }
  }

  return {
    signIn: async (username, password) => {
      await assertNotLocked(username);
      // Counted before the slow check, so that many guesses at once are counted too.
      await failures.penalty(username);
      const member = await store
        .selectFrom('staff')
        .selectAll()
        .where('username', '=', username)
        .executeTakeFirst();
      const matches = await passwordMatches(password, member?.password_hash ?? (await dummyHash()));
      if (!member || !matches) throw new ApiError('login.password_wrong');
      await failures.delete(username);
      const now = clock();
      const token = newToken();
      const expiresAt = now + SESSION_MS;
      await store
        .insertInto('staff_sessions')
        .values({
          token_hash: sha256(token),
          staff_id: member.id,
          expires_at: expiresAt,
          created_at: now,
        })
        .execute();
      return { token, expiresAt, staff: { staffId: member.id, username, role: member.role } };
    },
    authenticate: async (token) => {
      const row = await store
        .selectFrom('staff_sessions')
        .innerJoin('staff', 'staff.id', 'staff_sessions.staff_id')
        .select(['staff.id', 'staff.username', 'staff.role'])
        .where('token_hash', '=', sha256(token))
        .where('expires_at', '>', clock())
        .executeTakeFirst();
      return row && { staffId: row.id, username: row.username, role: row.role };
    },
    signOut: async (token) => {
      await store.deleteFrom('staff_sessions').where('token_hash', '=', sha256(token)).execute();
    },
  };
}
