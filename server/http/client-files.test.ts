import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Koa from 'koa';
import { createClientFiles } from './client-files';

const SCRIPT = 'console.log("hello")';
const INDEX = '<!doctype html><html><head><script>start()</script></head></html>';

let folder: string;
let server: Server;
let origin: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'liuka-client-files-'));
  mkdirSync(join(folder, 'js'));
  writeFileSync(join(folder, 'index.html'), INDEX);
  writeFileSync(join(folder, 'js/app.12ab34cd.js'), SCRIPT);
  writeFileSync(join(folder, 'js/app.12ab34cd.js.gz'), gzipSync(SCRIPT));
  writeFileSync(join(folder, 'robots.txt'), 'User-agent: *');
  const app = new Koa();
  app.use(createClientFiles(folder, 'http://127.0.0.1:3001/').middleware);
  server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

test('a file with a hash in its name is cached for a year, and compressed if the browser accepts it', async () => {
  const packed = await fetch(`${origin}/js/app.12ab34cd.js`);
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(packed.headers.get('cache-control')).toContain('immutable');
  expect(await packed.text()).toBe(SCRIPT);
  const plain = await fetch(`${origin}/js/app.12ab34cd.js`, {
    headers: { 'accept-encoding': 'identity' },
  });
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(plain.headers.get('cache-control')).toContain('immutable');
});

test('a file without a hash is revalidated', async () => {
  const { headers } = await fetch(`${origin}/robots.txt`);
  expect(headers.get('cache-control')).toBe('no-cache');
});

test.each(['/', '/index.html', '/pages/card/index?cardId=1'])(
  '%s is the client’s page, told where the simulated WeChat is',
  async (path) => {
    const page = await fetch(`${origin}${path}`);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(await page.text()).toContain(
      '<meta name="liuka-demo-wechat" content="http://127.0.0.1:3001">',
    );
  },
);

test.each(['/js/gone.js', '/api/v1/nothing', '/%2e%2e/package.json', '/js/%00'])(
  '%s is not answered with the page',
  async (path) => {
    const { status } = await fetch(`${origin}${path}`);
    expect([400, 404]).toContain(status);
  },
);

test('the hashes of inline scripts are provided for the content security policy', () => {
  const { inlineScripts } = createClientFiles(folder, undefined);
  expect(inlineScripts).toEqual([expect.stringMatching(/^'sha256-[\w+/]{43}='$/)]);
});

test('without a built client nothing is served', () => {
  expect(createClientFiles(join(folder, 'js'), undefined).inlineScripts).toEqual([]);
});
