import type { StaffRole } from '@shared/contract';
import type { Store } from '../store/store';
import { isUniqueViolation } from '../store/unique-violation';
import { hashPassword, PASSWORD_MIN_LENGTH } from './password';
import { insertStaff } from './staff-queries';

const USERNAME = /^[a-z0-9][a-z0-9._-]{2,31}$/;

/** A staff account cannot be created; the message says why. */
export class StaffAccountError extends Error {
  override readonly name = 'StaffAccountError';
}

/**
 * Adds a member of the staff.
 * @throws StaffAccountError if the user name or the password is not acceptable, or the name is taken
 */
export async function addStaff(
  store: Store,
  {
    username,
    password,
    role,
    now,
  }: {
    username: string;
    password: string;
    role: StaffRole;
    now: number;
  },
): Promise<void> {
  if (!USERNAME.test(username)) {
    throw new StaffAccountError(
      'a user name has 3 to 32 lower-case letters, digits, dots, hyphens or underscores',
    );
  }
  if (password.length < PASSWORD_MIN_LENGTH) {
    throw new StaffAccountError(
      `a password has at least ${String(PASSWORD_MIN_LENGTH)} characters`,
    );
  }
  const passwordHash = await hashPassword(password);
  try {
    await insertStaff(store, { username, passwordHash, role, now });
  } catch (error) {
    if (isUniqueViolation(error, 'staff.username')) {
      throw new StaffAccountError(`the user name ${username} is already taken`);
    }
    throw error;
  }
}
