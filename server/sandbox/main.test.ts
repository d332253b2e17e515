import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** Runs the command; sends it a signal once its output contains `untilText`. */
function run(environment: Record<string, string>, untilText?: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'main.ts')], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', ...environment },
  });
  let output = '';
  const listen = (chunk: Buffer) => {
    output += chunk.toString();
    if (untilText !== undefined && output.includes(untilText)) child.kill('SIGTERM');
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, output });
    });
  });
}

test('it refuses to run in production, with the reason', async () => {
  const { code, output } = await run({ NODE_ENV: 'production' });
  expect(code).toBe(2);
  expect(output).toContain('NODE_ENV=production');
});

test.each(['sixty', '70000', '-1'])('%s is not a port', async (port) => {
  const { code, output } = await run({ SANDBOX_PORT: port });
  expect(code).toBe(2);
  expect(output).toContain(`SANDBOX_PORT`);
});

test('it prints its address, and saves its state on a signal', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const file = join(folder, 'sandbox.json');
  const { code, output } = await run({ SANDBOX_PORT: '0', SANDBOX_DATA: file }, '/sandbox');
  expect(output).toMatch(/http:\/\/127\.0\.0\.1:\d+\/sandbox/);
  expect(code).toBe(0);
  expect(existsSync(file)).toBe(true);
  rmSync(folder, { recursive: true });
});
