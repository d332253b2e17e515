import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runScript, startScript } from './testing/run-script';

const MAIN = 'server/main.ts';

let folder: string;
let validEnv: Record<string, string>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'liuka-main-'));
  validEnv = {
    HOST: '127.0.0.1',
    PORT: String(await freePort()),
    DATABASE_URL: `sqlite:${join(folder, 'liuka.db')}`,
    LOG_LEVEL: 'silent',
    SHINGSOU_CLIENT_ID: 'shop',
    SHINGSOU_CLIENT_SECRET: 'client-secret-0001',
    SHINGSOU_SUBSCRIPTION_KEY: 'subscription-key-0002',
    WECHAT_APP_ID: 'wx0123456789abcdef',
  };
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the BFF and waits until it says where it listens. */
async function startBff(env: Record<string, string>) {
  const child = startScript(MAIN, [], env);
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { child, line: line.toString() };
}

test('with bad settings it names every fault, exits with 1 and leaves nothing behind', async () => {
  const { WECHAT_APP_ID: _, ...others } = validEnv;
  const env = { ...others, PORT: '99999', SHINGSOU_CLIENT_SECRET: 'tiny-42' };
  const { code, stdout, stderr } = await runScript(MAIN, [], { env });
  expect(code).toBe(1);
  expect(stdout).toBe('');
  for (const name of ['PORT', 'SHINGSOU_CLIENT_SECRET', 'WECHAT_APP_ID']) {
    expect(stderr).toContain(`  - ${name}`);
  }
  expect(stderr).not.toContain('tiny-42');
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(existsSync(join(folder, 'liuka.db'))).toBe(false);
});

test('with a store that another process holds it exits with 1, says so and listens on nothing', async () => {
  const { child } = await startBff(validEnv);
  const env = { ...validEnv, PORT: String(await freePort()) };
  const { code, stderr } = await runScript(MAIN, [], { env });
  expect(code).toBe(1);
  expect(stderr).toMatch(/another process is using .*liuka\.db; stop it first/);
  await expect(fetch(`http://127.0.0.1:${env.PORT}/healthz`)).rejects.toThrow('fetch failed');
  child.kill('SIGKILL');
  await once(child, 'close');
});

test('on a port that is taken it exits with 1 and lets the store go', async () => {
  const other = createServer().listen(Number(validEnv.PORT), '127.0.0.1');
  await once(other, 'listening');
  const { code, stderr } = await runScript(MAIN, [], { env: validEnv });
  other.close();
  expect(code).toBe(1);
  expect(stderr).toContain('EADDRINUSE');
});

test('it says where it listens, and ends with 0 when it is told to', async () => {
  const { child, line } = await startBff(validEnv);
  expect(line).toBe(`Liuka is listening on http://127.0.0.1:${validEnv.PORT!}\n`);
  const answer = await fetch(`http://127.0.0.1:${validEnv.PORT!}/readyz`);
  expect(await answer.json()).toEqual({ status: 'ready' });
  child.kill('SIGTERM');
  await once(child, 'close');
  expect(child.exitCode).toBe(0);
});

test('after it was killed the next one takes over the store at once', async () => {
  const { child } = await startBff(validEnv);
  child.kill('SIGKILL');
  await once(child, 'close');
  const next = await startBff(validEnv);
  const answer = await fetch(`http://127.0.0.1:${validEnv.PORT!}/readyz`);
  expect(answer.status).toBe(200);
  next.child.kill('SIGTERM');
  await once(next.child, 'close');
});
