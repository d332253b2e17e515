import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillStore } from '../testing/fill-store';
import { createTestDatabase } from '../testing/postgres';
import { runScript } from '../testing/run-script';
import { openForTool, openStore } from '../store/open-store';
import { readTotals } from '../store/tables';

let folder: string;
let url: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'liuka-db-'));
  url = `sqlite:${join(folder, 'liuka.db')}`;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function db(...args: string[]) {
  return runScript('server/cli/db.ts', args, { env: { DATABASE_URL: url } });
}

async function totalsAt(databaseUrl: string) {
  const { store, close } = openForTool(databaseUrl);
  try {
    return await readTotals(store);
  } finally {
    await close();
  }
}

async function fill(databaseUrl: string, people: number) {
  const { store, close } = await openStore(databaseUrl, { warn: () => undefined });
  await fillStore(store, people);
  await close();
}

test('migrates, and says so; a second time there is nothing to do', async () => {
  const first = await db('migrate');
  expect([first.code, first.stderr]).toEqual([0, '']);
  expect(first.stdout).toMatch(/^已升级：0001-start, /);
  expect((await db('migrate')).stdout).toBe('已是最新\n');
});

test('checks the records, and fails when the payment, refund and job of a paid order are gone', async () => {
  await db('migrate');
  const good = await db('check');
  expect([good.code, good.stdout]).toEqual([0, '核对完成：0 笔订单，0 处问题\n']);
  await fill(url, 2);
  const { store, close } = openForTool(url);
  for (const table of ['refunds', 'captures', 'jobs'] as const) {
    await store.deleteFrom(table).execute();
  }
  await close();
  const bad = await db('check');
  expect([bad.code, bad.stderr]).toEqual([1, '']);
  expect(bad.stdout).toMatch(/\n核对完成：2 笔订单，[1-9]\d* 处问题\n$/);
});

test('copies SQLite to PostgreSQL with rows and money compared, once, and shows no password', async () => {
  const target = await createTestDatabase();
  try {
    await fill(url, 3);
    const { code, stdout, stderr } = await db('copy', url, target.url);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^captures +3 {2}amount_fen 6000$/m);
    expect(stdout).not.toContain(new URL(target.url).password);
    expect(await totalsAt(target.url)).toEqual(await totalsAt(url));

    const again = await db('copy', url, target.url);
    expect([again.code, again.stdout]).toEqual([1, '']);
    expect(again.stderr).toMatch(/the target is not empty/);
  } finally {
    await target.drop();
  }
});

test('does not copy from a store that a BFF is running on', async () => {
  const running = await openStore(url, { warn: () => undefined });
  const { code, stderr } = await db('copy', url, `sqlite:${join(folder, 'other.db')}`);
  await running.close();
  expect(code).toBe(1);
  expect(stderr).toMatch(/another process is using/);
  expect(existsSync(join(folder, 'other.db'))).toBe(false);
});

test('backs up a running store and restores it over what came later, if told to', async () => {
  await fill(url, 2);
  const running = await openStore(url, { warn: () => undefined });
  const file = join(folder, 'backup.db');
  expect((await db('backup', file)).code).toBe(0);
  const before = await readTotals(running.store);
  await running.store.deleteFrom('audit').execute();
  await running.close();

  const refused = await db('restore', file);
  expect([refused.code, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toMatch(/has 2 orders.*--replace/);
  expect((await db('restore', file, '--replace')).code).toBe(0);
  expect(await totalsAt(url)).toEqual(before);
});

test.each([
  ['no command', [], /^Usage: npm run db -- /],
  ['another command', ['drop'], /unknown command 'drop'/],
  ['a misspelt command', ['chekc'], /Did you mean check\?/],
  ['a copy without a target', ['copy', 'sqlite:a.db'], /missing required argument 'to'/],
  ['a backup without a file', ['backup'], /missing required argument 'file'/],
  ['an unknown option', ['migrate', '--fast'], /unknown option '--fast'/],
  ['a misspelt option', ['restore', 'a.db', '--replcae'], /Did you mean --replace\?/],
  ['--replace where nothing is replaced', ['migrate', '--replace'], /unknown option '--replace'/],
  ['too many files', ['backup', 'a.db', 'b.db'], /too many arguments/],
])('given %s, exits with 2 and says what is wrong', async (_, args, message) => {
  const { code, stdout, stderr } = await db(...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('speaks English where the terminal does; help is always English, with an example', async () => {
  const env = { DATABASE_URL: url, LANG: 'en_US.UTF-8' };
  const { stdout } = await runScript('server/cli/db.ts', ['migrate'], { env });
  expect(stdout).toMatch(/^Migrated: 0001-start, /);
  const help = await db('restore', '--help');
  expect([help.code, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toMatch(/^Usage: npm run db -- restore \[options\] <file>/);
  expect(help.stdout).toContain('Example:\n  npm run db -- restore liuka-backup.db --replace');
});

test('does not make a store by checking one that is not there', async () => {
  const { code, stderr } = await db('check');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^未完成：there is no store at/);
  expect(existsSync(join(folder, 'liuka.db'))).toBe(false);
});
