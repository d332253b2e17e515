import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { startSimulatedPlatforms } from '../platforms/testing/simulated-platforms';
import type { SimulatedPlatforms } from '../platforms/testing/simulated-platforms';
import { runScript, startScript } from '../testing/run-script';

/** The authorization code grant from the command line, with a person at the sandbox's consent page. */

const SCRIPT = 'server/cli/shingsou.ts';
const names = [
  'SHINGSOU_IDS_URL',
  'SHINGSOU_CLIENT_ID',
  'SHINGSOU_CLIENT_SECRET',
  'SHINGSOU_SUBSCRIPTION_KEY',
] as const;

let platforms: SimulatedPlatforms;
let env: Record<string, string>;
beforeAll(async () => {
  platforms = await startSimulatedPlatforms();
  const settings = Object.fromEntries(names.map((name) => [name, platforms.setting(name)]));
  env = { ...settings, LANG: 'en_US.UTF-8' };
});
afterAll(() => platforms.close());

interface Run {
  /** Where the person is asked for consent. */
  url: string;
  result(): Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** Starts the command and waits for the address it prints. */
async function start(args: readonly string[], changes: Record<string, string> = {}): Promise<Run> {
  const child: ChildProcess = startScript(SCRIPT, ['authorize', ...args], { ...env, ...changes });
  let [stdout, stderr] = ['', ''];
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const found = /^http\S+$/m.exec(stdout)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.once('close', () => {
      reject(new Error(`no address: ${stdout}${stderr}`));
    });
  });
  return {
    url,
    result: async () => {
      await closed;
      return { code: child.exitCode, stdout, stderr };
    },
  };
}

async function openConsentPage(url: string): Promise<string> {
  const page = await fetch(url, { headers: { accept: 'text/html' }, redirect: 'manual' });
  expect(page.status).toBe(200);
  return page.text();
}

/** Clicks a link of the page, and follows it back to the command. */
async function click(url: string, page: string, label: string): Promise<Response> {
  const link = new RegExp(`href="([^"]*)">${label}<`).exec(page)?.[1] ?? '';
  return fetch(new URL(link.replaceAll('&amp;', '&'), url), { headers: { accept: 'text/html' } });
}

test('obtains a token by the consent of a person, and shows what it is for but not the token', async () => {
  const run = await start(['--scope', 'openid iot.cardservice.all']);
  const page = await openConsentPage(run.url);
  expect(page).toContain('<li>iot.cardservice.all</li>');
  expect(page).toContain(platforms.setting('SHINGSOU_CLIENT_ID'));
  const back = await click(run.url, page, '同意');
  expect([back.status, await back.text()]).toEqual([200, 'Done. You can close this page.']);
  const { code, stdout, stderr } = await run.result();
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/scope: openid iot\.cardservice\.all\nexpires in: 7200 s\n$/);
});

test('prints the token itself when asked to', async () => {
  const run = await start(['--show-token'], { LANG: 'zh_CN.UTF-8' });
  await click(run.url, await openConsentPage(run.url), '同意');
  const { code, stdout } = await run.result();
  expect(code).toBe(0);
  expect(stdout).toMatch(/^令牌：[\w-]{40,}$/m);
});

test('ends with 1 when the person denies it', async () => {
  const run = await start([]);
  await click(run.url, await openConsentPage(run.url), '拒绝');
  expect(await run.result()).toMatchObject({ code: 1, stderr: 'The authorization was denied\n' });
});

test('ends with 1 when the platform does not know the scope', async () => {
  const run = await start(['--scope', 'everything']);
  await fetch(run.url, { headers: { accept: 'text/html' } });
  expect(await run.result()).toMatchObject({
    code: 1,
    stderr: 'The platform refused: invalid_scope\n',
  });
});

test('ignores a callback with another state, and waits on', async () => {
  const run = await start([]);
  const redirectUri = new URL(run.url).searchParams.get('redirect_uri') ?? '';
  const forged = await fetch(`${redirectUri}?code=stolen&state=guess`);
  expect(forged.status).toBe(400);
  await click(run.url, await openConsentPage(run.url), '同意');
  expect((await run.result()).code).toBe(0);
});

test('ends with 1 when the code is not valid', async () => {
  const run = await start([]);
  const { searchParams } = new URL(run.url);
  const redirectUri = searchParams.get('redirect_uri') ?? '';
  await fetch(`${redirectUri}?code=made-up&state=${searchParams.get('state') ?? ''}`);
  expect(await run.result()).toMatchObject({
    code: 1,
    stderr: 'The authorization code is invalid or expired\n',
  });
});

test('gives up after the timeout', async () => {
  const run = await start(['--timeout', '1']);
  expect(await run.result()).toMatchObject({
    code: 1,
    stderr: 'No callback within 1 s: gave up. --timeout waits longer\n',
  });
});

test('ends with 3, and shows no secret, when the token server does not answer', async () => {
  const run = await start([]);
  const page = await openConsentPage(run.url);
  await platforms.setFaults({ tokenServerDown: true });
  await click(run.url, page, '同意');
  const { code, stderr } = await run.result();
  await platforms.setFaults({});
  expect(code).toBe(3);
  expect(stderr).not.toContain(platforms.setting('SHINGSOU_CLIENT_SECRET'));
});

test('takes the port it is told to, or says that it is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const taken = await runScript(SCRIPT, ['authorize', '--port', String(port)], { env });
  expect(taken.code).toBe(1);
  expect(taken.stderr).toMatch(/EADDRINUSE/);
  other.close();
  await once(other, 'close');
  const run = await start(['--port', String(port), '--timeout', '1']);
  const redirectUri = new URL(run.url).searchParams.get('redirect_uri');
  expect(redirectUri).toBe(`http://127.0.0.1:${String(port)}/callback`);
  await run.result();
});

test.each([
  ['a misspelt command', ['authorise'], /authorize/],
  ['a misspelt option', ['authorize', '--prot', '8400'], /Did you mean --port\?/],
  ['a port that is none', ['authorize', '--port', 'http'], /whole number/],
])('%s is answered with exit code 2', async (_case, args, message) => {
  const { code, stdout, stderr } = await runScript(SCRIPT, args, { env });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});

test('missing settings are named', async () => {
  const { code, stderr } = await runScript(SCRIPT, ['authorize']);
  expect(code).toBe(2);
  expect(stderr).toContain('SHINGSOU_CLIENT_ID is missing');
});

test('help needs no setting, and has an example', async () => {
  const { code, stdout } = await runScript(SCRIPT, ['authorize', '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('npm run shingsou -- authorize --port 8400 --open');
});
