import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { type ConnectedPlatforms, connectPlatforms } from '../connect-platforms';
import { createApp } from '../http/app';
import { createMetrics } from '../metrics/metrics';
import { createSandbox } from '../sandbox/create-sandbox';
import { createServices } from '../services';
import { readSettings } from '../settings';
import { type OpenStore, openStore } from '../store/open-store';
import { SHINGSOU_PATH, WECHATPAY_PATH } from '../testing/signed-notifications';
import { createTestStore, type TestStore } from '../testing/test-stores';

/** The BFF's HTTP server with a captured log: each refusal is one line without the content. */

let lines: string[];
let origin: string;
let server: Server;
let platforms: ConnectedPlatforms;
let opened: OpenStore;
let testStore: TestStore;

beforeAll(async () => {
  lines = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const log = pino({ level: 'info', base: null }, sink);
  // Only the settings are used: a refusal calls no platform.
  const sandbox = createSandbox({ seed: 'log' });
  await sandbox.listen(0);
  const settings = readSettings({ ...sandbox.settings(), DATABASE_URL: 'sqlite:unused' });
  await sandbox.close();
  testStore = await createTestStore('sqlite');
  opened = await openStore(testStore.databaseUrl, { warn: (message) => lines.push(message) });
  const metrics = createMetrics();
  const parts = { store: opened.store, clock: Date.now, log };
  platforms = connectPlatforms(settings, { ...parts, publicUrl: 'http://127.0.0.1:9', metrics });
  const app = createApp({
    ...createServices({ ...parts, ...platforms }),
    log,
    metrics,
    client: { middleware: (_, next) => next(), inlineScripts: [] },
    demoWechatUrl: undefined,
    trustProxy: false,
    requestsPerMinute: 1_000,
    isReady: () => Promise.resolve(true),
  });
  const answer = app.callback();
  server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await platforms.close();
  await opened.close();
  await testStore.remove();
});

const json = { 'content-type': 'application/json' };
const SECRET = 'a secret that stands in the body';

test.each<[string, string, Record<string, string>, string, number]>([
  ['without a signature', WECHATPAY_PATH, json, SECRET, 401],
  ['that is not JSON', SHINGSOU_PATH, json, `{"event":"${SECRET}"`, 400],
  ['of an unsupported media type', SHINGSOU_PATH, { 'content-type': 'text/plain' }, SECRET, 415],
  ['that is too large', WECHATPAY_PATH, json, SECRET.repeat(4_000), 413],
  ['that is empty', WECHATPAY_PATH, json, '', 401],
])(
  'a notification %s is one line in the log, with its status and nothing of its content',
  async (...row) => {
    const [, path, headers, body, status] = row;
    lines.length = 0;
    const answer = await fetch(`${origin}${path}`, { method: 'POST', headers, body });
    expect(answer.status).toBe(status);
    const requestId = answer.headers.get('x-request-id');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        level: 30,
        requestId,
        status,
        route: `POST ${path.replace('/api/v1', '')}`,
      }),
    ]);
    expect(lines.join()).not.toContain('secret');
  },
);
