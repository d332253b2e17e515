import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { createSandbox } from '../../sandbox/create-sandbox';
import { startServer } from '../../server';

/**
 * `npm run bench`: the time per request of the BFF and of a bare `node:http` server, measured alternately, so
 * that the ratios do not depend on the load of the machine. Prints them; asserts nothing.
 */
const ROUNDS = 5;
const REQUESTS = 2_000;
const CONCURRENCY = 16;

interface Subject {
  name: string;
  pool: Pool;
  path: string;
  headers: Record<string, string>;
  /** Microseconds per request, one for each round. */
  samples: number[];
}

async function measure({ pool, path, headers }: Subject): Promise<number> {
  let left = REQUESTS;
  const started = performance.now();
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const { statusCode, body } = await pool.request({ method: 'GET', path, headers });
      await body.dump();
      if (statusCode !== 200) throw new Error(`${path} answered ${String(statusCode)}`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return ((performance.now() - started) * 1000) / REQUESTS;
}

async function startBare(): Promise<{ url: string; close: () => void }> {
  const body = JSON.stringify({ status: 'ok' });
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json').end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function json<Answer>(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answered ${String(response.status)}`);
  return (await response.json()) as Answer;
}

function post(body: unknown): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

/** Signs in and looks a card up, for the requests to read. */
async function signInWithCard(bff: string, sandbox: string) {
  const { code } = await json<{ code: string }>(`${sandbox}/sandbox/wechat/login`, post({}));
  const { token } = await json<{ token: string }>(`${bff}/api/v1/sessions`, post({ code }));
  const headers = { authorization: `Bearer ${token}` };
  const cards = await json<{ items: { iccid: string }[] }>(`${sandbox}/sandbox/cards`);
  const number = cards.items[0]?.iccid ?? '';
  const found = await json<{ items: { id: string }[] }>(`${bff}/api/v1/cards?number=${number}`, {
    headers,
  });
  return { headers, cardId: found.items[0]?.id ?? '' };
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;
}

function print(subjects: readonly Subject[]): void {
  const bare = median(subjects[0]?.samples ?? []);
  for (const { name, samples } of subjects) {
    const micros = median(samples);
    const ratio = (micros / bare).toFixed(1).padStart(6);
    console.log(`${name.padEnd(36)} ${micros.toFixed(0).padStart(6)} µs ${ratio} × bare`);
  }
}

export async function benchHttp(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'liuka-bench-'));
  const sandbox = createSandbox({});
  const { url: sandboxUrl } = await sandbox.listen(0);
  const bff = await startServer({
    ...sandbox.settings(),
    PORT: '0',
    DATABASE_URL: `sqlite:${join(folder, 'bench.db')}`,
    LOG_LEVEL: 'silent',
    RATE_LIMIT_PER_MINUTE: '1000000',
  });
  const bare = await startBare();
  const { headers, cardId } = await signInWithCard(bff.url, sandboxUrl);
  const pools = [new Pool(bare.url), new Pool(bff.url)] as const;
  const [barePool, bffPool] = pools;
  const subject = (name: string, pool: Pool, path: string, sent = {}): Subject => ({
    name,
    pool,
    path,
    headers: sent,
    samples: [],
  });
  const subjects = [
    subject('bare node:http', barePool, '/'),
    subject('BFF, GET /healthz', bffPool, '/healthz'),
    subject('BFF, GET /me (session)', bffPool, '/api/v1/me', headers),
    subject('BFF, GET /cards/:id (from the store)', bffPool, `/api/v1/cards/${cardId}`, headers),
  ];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const each of subjects) each.samples.push(await measure(each));
  }
  print(subjects);
  await Promise.all(pools.map((pool) => pool.close()));
  bare.close();
  await bff.close();
  await sandbox.close();
  rmSync(folder, { recursive: true });
}
