import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createSandbox, type Sandbox } from '../sandbox/create-sandbox';
import { openStore } from '../store/open-store';
import { startScript } from '../testing/run-script';
import { createTestStore, type TestStore } from '../testing/test-stores';
import { readTokenRow } from './token-queries';

/** Separate processes that share one PostgreSQL and one token server, where only the newest token is valid. */

const PROCESSES = 4;
const CALLS = 1_000;
/** Slow enough that many calls are in flight at once. */
const slowGateway = { gatewaySlowMs: 150 };

interface Report {
  made: number;
  failed: string[];
  /** Requests to the token server. */
  token: number;
  /** Calls answered 401. */
  refused: number;
}

let testStore: TestStore;
let sandbox: Sandbox;
let sandboxUrl: string;
let children: ChildProcess[] = [];
beforeAll(async () => {
  testStore = await createTestStore('postgres');
  const opened = await openStore(testStore.databaseUrl, { warn: () => undefined });
  await opened.close();
  sandbox = createSandbox({ seed: 'several processes' });
  sandboxUrl = (await sandbox.listen(0)).url;
}, 60_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await sandbox.close();
  await testStore.remove();
});

async function control<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${sandboxUrl}/sandbox/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Answer;
}

/** The requests that the token server counted. */
async function tokenRequestCounts() {
  type Counts = { items: { platform: string; asked: number; issued: number }[] };
  return (await control<Counts>('GET', 'tokens')).items.find(
    (item) => item.platform === 'shingsou',
  );
}

/** Starts a process, and collects the lines it prints. */
async function start(iccid: string, onCall: () => void) {
  const env = { ...sandbox.settings(), DATABASE_URL: testStore.databaseUrl, ICCID: iccid };
  const child = startScript('server/tokens/testing/caller-process.ts', [], env);
  children.push(child);
  child.stderr!.pipe(process.stderr);
  const lines = createInterface(child.stdout!);
  const report = new Promise<Report>((resolve) => {
    lines.on('line', (line) => {
      if (line === 'called') onCall();
      else if (line.startsWith('{')) resolve(JSON.parse(line) as Report);
    });
  });
  await once(lines, 'line');
  return {
    go: () => child.stdin!.write('go\n'),
    report,
  };
}

test('of 1,000 concurrent calls by four processes none fails if the token is revoked meanwhile, and each token is requested once', async () => {
  const { items } = await control<{ items: { iccid: string }[] }>('GET', 'cards');
  await control('PUT', 'faults', slowGateway);
  let called = 0;
  let revoking: Promise<unknown> | undefined;
  const onCall = () => {
    called += 1;
    if (called >= CALLS / 3)
      revoking ??= control('PUT', 'faults', { ...slowGateway, revokeToken: true });
  };
  const processes = await Promise.all(
    Array.from({ length: PROCESSES }, () => start(items[0]!.iccid, onCall)),
  );
  expect(await tokenRequestCounts()).toMatchObject({ asked: 0 });
  for (const { go } of processes) go();
  const reports = await Promise.all(processes.map(({ report }) => report));
  await revoking;
  await Promise.all(children.map(async (child) => child.exitCode ?? once(child, 'close')));
  children = [];

  expect(reports.map(({ made }) => made)).toEqual(Array(PROCESSES).fill(CALLS / PROCESSES));
  expect(reports.flatMap(({ failed }) => failed)).toEqual([]);
  // The token was revoked during the calls: some were refused with the first one.
  const sum = (figure: 'token' | 'refused') =>
    reports.reduce((total, report) => total + report[figure], 0);
  expect(sum('refused')).toBeGreaterThan(0);
  expect(sum('token')).toBe(2);
  expect(await tokenRequestCounts()).toEqual({ platform: 'shingsou', asked: 2, issued: 2 });

  const opened = await openStore(testStore.databaseUrl, { warn: () => undefined });
  expect(await readTokenRow(opened.store, 'shingsou')).toMatchObject({
    generation: 2,
    lease_token: null,
  });
  await opened.close();
}, 120_000);
