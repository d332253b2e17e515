import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqlite } from '../store/sqlite';
import { passwordMatches } from '../accounts/password';
import { runScript } from '../testing/run-script';

const PASSWORD = 'correct horse battery staple';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'liuka-staff-'));
  path = join(folder, 'liuka.db');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function staff(args: string[], input = '') {
  return runScript('server/cli/staff.ts', args, {
    env: { DATABASE_URL: `sqlite:${path}`, LANG: 'en_US.UTF-8' },
    input,
  });
}

async function members() {
  const store = openSqlite(path);
  try {
    return await store.selectFrom('staff').select(['username', 'role', 'password_hash']).execute();
  } finally {
    await store.destroy();
  }
}

test('adds a member with the password from standard input, to a store that is not there yet', async () => {
  const { code, stdout, stderr } = await staff(['add', 'lin'], `${PASSWORD}\n`);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe('lin (agent) can sign in now.\n');
  const [member] = await members();
  expect(member).toMatchObject({ username: 'lin', role: 'agent' });
  expect(await passwordMatches(PASSWORD, member!.password_hash)).toBe(true);
});

test('makes a password up when asked to, and prints it once', async () => {
  const { code, stdout } = await staff(['add', 'wang', '--role', 'admin', '--generate']);
  expect(code).toBe(0);
  const password = /^Password: (\S{20})$/m.exec(stdout)![1]!;
  const [member] = await members();
  expect(member).toMatchObject({ username: 'wang', role: 'admin' });
  expect(await passwordMatches(password, member!.password_hash)).toBe(true);
});

test('refuses a name that is taken, and changes nothing', async () => {
  await staff(['add', 'lin'], PASSWORD);
  const before = await members();
  const { code, stderr } = await staff(['add', 'lin', '--role', 'admin'], `another ${PASSWORD}`);
  expect(code).toBe(1);
  expect(stderr).toBe('Failed: the user name lin is already taken\n');
  expect(await members()).toEqual(before);
});

test.each([
  ['a short password', 2, ['add', 'lin'], 'too short', /at least 12 characters/],
  ['no password', 2, ['add', 'lin'], '', /No password/],
  ['a name in capitals', 2, ['add', 'Lin'], PASSWORD, /user name has 3 to 32/],
  ['a name that is too short', 2, ['add', 'li'], PASSWORD, /user name has 3 to 32/],
  ['an unknown role', 2, ['add', 'lin', '--role', 'root'], PASSWORD, /one of agent, supervisor, /],
  ['a misspelt role', 2, ['add', 'lin', '--role', 'agnet'], PASSWORD, /Did you mean agent\?/],
  ['no name', 2, ['add'], PASSWORD, /missing required argument 'username'/],
  ['another command', 2, ['remove', 'lin'], PASSWORD, /unknown command 'remove'/],
  ['a misspelt command', 2, ['ad', 'lin'], PASSWORD, /Did you mean add\?/],
  ['an unknown option', 2, ['add', 'lin', '--generated'], PASSWORD, /Did you mean --generate\?/],
])('refuses %s', async (_, exitCode, args, input, message) => {
  const { code, stdout, stderr } = await staff(args, input);
  expect([code, stdout]).toEqual([exitCode, '']);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stderr).not.toContain(PASSWORD);
});

test('speaks Chinese unless the terminal is English', async () => {
  const env = { DATABASE_URL: `sqlite:${path}` };
  const { stdout } = await runScript('server/cli/staff.ts', ['add', 'lin'], {
    env,
    input: PASSWORD,
  });
  expect(stdout).toBe('lin（agent）现在可以登录了。\n');
  const again = await runScript('server/cli/staff.ts', ['add', 'lin'], { env, input: PASSWORD });
  expect([again.code, again.stderr]).toEqual([1, '未完成：用户名 lin 已存在\n']);
});
