import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import type { StaffRole } from '@shared/contract';
import { staffRoles } from '@shared/contract/staff-role';
import { addStaff, StaffAccountError } from '../accounts/staff-accounts';
import {
  addSubcommand,
  choiceOption,
  createProgram,
  createSay,
  startProgram,
} from '../lib/command-line';
import { UsageError } from '../lib/usage-error';
import { readDatabaseUrl } from '../settings';
import { migrate } from '../store/migrate';
import { openForTool } from '../store/open-store';

/** `npm run staff`: accounts of the staff. */

const PASSWORD_BYTES = 15;

const say = createSay(process.env);

/** The first line of standard input. @throws UsageError where there is none */
async function readPassword(): Promise<string> {
  const input = createInterface({ input: process.stdin });
  if (process.stdin.isTTY) {
    const prompt = {
      'zh-CN': '密码（至少 12 个字符）：',
      en: 'Password (12 characters or more): ',
    };
    process.stdout.write(say(prompt));
  }
  for await (const line of input) {
    input.close();
    return line;
  }
  const none = {
    'zh-CN': '标准输入中没有密码',
    en: 'No password was given on standard input',
  };
  throw new UsageError(say(none));
}

/** The error as it is printed: in the terminal's language, and as wrong usage where the input is at fault. */
function explain(error: unknown): unknown {
  if (!(error instanceof StaffAccountError)) return error;
  const message = say(error.text);
  return error.reason === 'invalid' ? new UsageError(message) : new Error(message);
}

interface AddOptions {
  role: StaffRole;
  generate: boolean;
}

async function add(username: string, { role, generate }: AddOptions): Promise<void> {
  const databaseUrl = readDatabaseUrl(process.env);
  const password = generate
    ? randomBytes(PASSWORD_BYTES).toString('base64url')
    : await readPassword();
  const { store, close } = openForTool(databaseUrl);
  try {
    await migrate(store);
    await addStaff(store, { username, password, role, now: Date.now() });
  } catch (error) {
    throw explain(error);
  } finally {
    await close();
  }
  const added = {
    'zh-CN': `${username}（${role}）现在可以登录了。`,
    en: `${username} (${role}) can sign in now.`,
  };
  process.stdout.write(`${say(added)}\n`);
  if (!generate) return;
  const shown = { 'zh-CN': `密码：${password}`, en: `Password: ${password}` };
  process.stdout.write(`${say(shown)}\n`);
}

const program = createProgram({
  name: 'npm run staff --',
  summary: 'Manages accounts of the staff, in the store that DATABASE_URL names.',
  examples: ['npm run staff -- add zhang.wei --role supervisor --generate'],
});

addSubcommand(program, 'add <username>', {
  summary: 'add an account; its password is read from standard input',
  examples: [
    'npm run staff -- add zhang.wei --role supervisor --generate',
    'npm run staff -- add li.na < password.txt',
  ],
})
  .addOption(choiceOption('--role <role>', 'what the account may do', staffRoles).default('agent'))
  .option('--generate', 'generate a password and print it, instead of reading one', false)
  .action(add);

startProgram(program);
