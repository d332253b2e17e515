import type { StaffRole } from '@shared/contract';
import type { LocalizedText } from '@shared/language';
import type { Store } from '../store/store';
import { isUniqueViolation } from '../store/unique-violation';
import { hashPassword, PASSWORD_MIN_LENGTH } from './password';
import { insertStaff } from './staff-queries';

const USERNAME = /^[a-z0-9][a-z0-9._-]{2,31}$/;

const usernameText: LocalizedText = {
  'zh-CN': '用户名为 3 至 32 个小写字母、数字、点、连字符或下划线',
  en: 'a user name has 3 to 32 lower-case letters, digits, dots, hyphens or underscores',
};
const passwordText: LocalizedText = {
  'zh-CN': `密码至少 ${String(PASSWORD_MIN_LENGTH)} 个字符`,
  en: `a password has at least ${String(PASSWORD_MIN_LENGTH)} characters`,
};

/** A staff account cannot be created; `text` says why. */
export class StaffAccountError extends Error {
  override readonly name = 'StaffAccountError';

  constructor(
    readonly reason: 'invalid' | 'taken',
    readonly text: LocalizedText,
  ) {
    super(text.en);
  }
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
  if (!USERNAME.test(username)) throw new StaffAccountError('invalid', usernameText);
  if (password.length < PASSWORD_MIN_LENGTH) throw new StaffAccountError('invalid', passwordText);
  const passwordHash = await hashPassword(password);
  try {
    await insertStaff(store, { username, passwordHash, role, now });
  } catch (error) {
    if (isUniqueViolation(error, 'staff.username')) {
      throw new StaffAccountError('taken', {
        'zh-CN': `用户名 ${username} 已存在`,
        en: `the user name ${username} is already taken`,
      });
    }
    throw error;
  }
}
