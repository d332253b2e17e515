import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '../server/sandbox/create-sandbox';

/** The bundle as an operator runs it: `node dist/server/main.js`, with settings from the environment. */

const root = join(__dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'liuka-bundle-'));
const sandbox = createSandbox({ seed: 'bundle' });
let server: ChildProcess | undefined;

afterAll(async () => {
  server?.kill('SIGKILL');
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The address the process says it listens on. */
async function listeningAddress(child: ChildProcess): Promise<string> {
  let output = '';
  for await (const chunk of child.stdout ?? []) {
    output += String(chunk);
    const address = /http:\/\/\S+/.exec(output)?.[0];
    if (address !== undefined) return address;
  }
  throw new Error(`the bundle ended without an address: ${output}`);
}

test('the built server starts, answers over HTTP, and ends by itself on SIGTERM', async () => {
  await sandbox.listen(0);
  server = spawn(process.execPath, ['dist/server/main.js'], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      ...sandbox.settings(),
      PORT: '0',
      LOG_LEVEL: 'silent',
      DATABASE_URL: `sqlite:${join(folder, 'liuka.db')}`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(server, 'exit');
  const address = await listeningAddress(server);
  expect((await fetch(`${address}/readyz`)).status).toBe(200);
  expect((await fetch(`${address}/openapi.json`)).status).toBe(200);

  server.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
});
