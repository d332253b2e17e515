import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import type { StaffRole } from '@shared/contract';
import { migrate } from '../store/migrate';
import { openForTool } from '../store/open-store';
import { addStaff, StaffAccountError } from '../accounts/staff-accounts';

const roles: readonly StaffRole[] = ['agent', 'supervisor', 'admin'];

const usage = `Usage: npm run staff -- add <user name> [--role ${roles.join('|')}] [--generate]

Adds a member of the staff. The password is read from standard input, or made up and printed
with --generate. The role is agent unless given. The store is the one DATABASE_URL names.
`;

class UsageError extends Error {}

function isRole(text: string): text is StaffRole {
  return roles.some((role) => role === text);
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      role: { type: 'string', default: 'agent' },
      generate: { type: 'boolean', default: false },
    },
  });
  const [command, username] = positionals;
  if (command !== 'add' || username === undefined || !isRole(values.role)) {
    throw new UsageError(usage);
  }
  return { username, role: values.role, generate: values.generate };
}

async function readPassword(): Promise<string> {
  const input = createInterface({ input: process.stdin });
  if (process.stdin.isTTY) process.stdout.write('Password (12 characters or more): ');
  for await (const line of input) {
    input.close();
    return line;
  }
  throw new UsageError('No password was given on standard input.\n');
}

async function main(): Promise<void> {
  const { username, role, generate } = readArguments();
  const password = generate ? randomBytes(15).toString('base64url') : await readPassword();
  const { store, close } = openForTool(process.env.DATABASE_URL || 'sqlite:./data/liuka.db');
  try {
    await migrate(store);
    await addStaff(store, { username, password, role, now: Date.now() });
  } finally {
    await close();
  }
  process.stdout.write(`${username} (${role}) can sign in now.\n`);
  if (generate) process.stdout.write(`Password: ${password}\n`);
}

main().catch((error: unknown) => {
  const known = error instanceof UsageError || error instanceof StaffAccountError;
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(known ? `${text}\n` : `Something failed: ${text}\n`);
  process.exit(1);
});
