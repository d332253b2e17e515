import { createInterface } from 'node:readline';
import { createShingsou } from '../../platforms/shingsou';
import { openForTool } from '../../store/open-store';
import { createTokenHolders } from '../token-holders';

/**
 * A process that shares its token with other such processes. It prints `ready`, waits for the line `go`,
 * makes all its calls concurrently, prints `called` after each, and finally the results as JSON.
 */

const CALLS = 250;

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const opened = openForTool(setting('DATABASE_URL'));
  const requests = { token: 0, refused: 0 };
  const tokens = createTokenHolders({
    store: opened.store,
    clock: Date.now,
    observer: { refreshed: () => undefined, waited: () => undefined },
  });
  const shingsou = createShingsou({
    idsUrl: setting('SHINGSOU_IDS_URL'),
    apiUrl: setting('SHINGSOU_API_URL'),
    clientId: setting('SHINGSOU_CLIENT_ID'),
    clientSecret: setting('SHINGSOU_CLIENT_SECRET'),
    subscriptionKey: setting('SHINGSOU_SUBSCRIPTION_KEY'),
    scope: setting('SHINGSOU_SCOPE'),
    appId: setting('WECHAT_APP_ID'),
    notifyUrl: 'http://127.0.0.1:9/notifications',
    clock: Date.now,
    onCall: ({ operation, status }) => {
      if (operation === 'token') requests.token += 1;
      if (status === 401) requests.refused += 1;
    },
    // All calls are in flight at once, on a machine that runs all of these processes.
    limits: { connections: 64, waiting: CALLS, totalTimeout: 60_000, headersTimeout: 30_000 },
    holdTokens: tokens.factory({
      platform: 'shingsou',
      clientSecret: setting('SHINGSOU_CLIENT_SECRET'),
      issuedFor: [],
    }),
  });
  const iccid = setting('ICCID');

  async function call(): Promise<string> {
    try {
      const found = await shingsou.cards.find({ kind: 'iccid', value: iccid });
      return found.length === 1 ? 'found' : 'not found';
    } catch (error) {
      return String(error);
    } finally {
      writeLine('called');
    }
  }

  const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
  writeLine('ready');
  await lines.next();
  const results = await Promise.all(Array.from({ length: CALLS }, call));
  const failed = results.filter((result) => result !== 'found');
  writeLine(JSON.stringify({ made: results.length, failed, ...requests }));
  await shingsou.close();
  await tokens.close();
  await opened.close();
  process.stdin.destroy();
}

void main();
