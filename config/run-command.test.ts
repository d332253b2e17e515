import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import manifest from '../package.json';
import { commands } from './run-command.cjs';

/** The commands of package.json, in a checkout and where only production packages are installed. */

const root = join(__dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'liuka-commands-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(cwd: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['config/run-command.cjs', ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: child.exitCode, stdout, stderr };
}

/** A folder as `npm prune --omit=dev` leaves it, seen from the launcher: tsx cannot be found. */
function makeProductionFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, 'config'), { recursive: true });
  copyFileSync(join(root, 'config/run-command.cjs'), join(path, 'config/run-command.cjs'));
  return path;
}

const names = Object.keys(commands);
const bundled = names.filter((name) => commands[name]?.bundled);

const scripts: readonly string[] = Object.values(manifest.scripts);

test.each(names)('%s is a script of package.json with a source', (name) => {
  expect(scripts).toContain(`node config/run-command.cjs ${name}`);
  expect(existsSync(join(root, commands[name]!.source))).toBe(true);
});

test.each(names)(
  '%s has help with an example, and no stack for a misspelt option',
  async (name) => {
    const [help, slip] = await Promise.all([
      run(root, [name, '--help']),
      run(root, [name, '--hepl', 'x']),
    ]);
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toMatch(/npm (run|start)/);
    expect([slip.code, slip.stdout]).toEqual([2, '']);
    expect(slip.stderr).not.toMatch(/\n\s+at /);
  },
);

describe('with production packages only', () => {
  test.each(bundled)('%s runs what was built', async (name) => {
    const path = makeProductionFolder('built');
    if (!existsSync(join(path, 'dist'))) symlinkSync(join(root, 'dist'), join(path, 'dist'));
    const { code, stderr } = await run(path, [name, '--help']);
    expect([code, stderr]).toEqual([0, '']);
  });

  test('db migrates a store', async () => {
    const path = makeProductionFolder('built');
    if (!existsSync(join(path, 'dist'))) symlinkSync(join(root, 'dist'), join(path, 'dist'));
    const env = { DATABASE_URL: `sqlite:${join(folder, 'liuka.db')}` };
    const { code, stdout } = await run(path, ['db', 'migrate'], env);
    expect([code, stdout]).toEqual([0, expect.stringContaining('已升级')]);
  });

  test('a command that was not built says how to build it', async () => {
    const { code, stderr } = await run(makeProductionFolder('not-built'), ['db', 'check']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('npm run build')]);
  });

  test('a command for development says that its packages are missing', async () => {
    const { code, stderr } = await run(makeProductionFolder('not-built'), ['sandbox']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('run npm ci')]);
  });
});

test('a command whose reader has gone ends quietly', async () => {
  const child = spawn(process.execPath, ['config/run-command.cjs', 'db', '--help'], {
    cwd: root,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect([child.exitCode, stderr]).toEqual([0, '']);
});
