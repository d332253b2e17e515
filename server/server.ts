import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { API_BASE } from '@shared/contract';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { pino } from 'pino';
import { createApp } from './http/app';
import { clientFiles } from './http/client-files';
import { stopWhenAnswered } from './http/stop-listening';
import { startWorker } from './jobs/worker';
import type { Metrics } from './operations/metrics';
import { createMetrics } from './operations/metrics';
import { ORDER_JOB } from './orders/order-queries';
import { orderRuleFaults } from './orders/order-state';
import { createShingsou } from './platforms/shingsou';
import { createServices } from './services';
import type { Environment, Settings } from './settings';
import { readSettings } from './settings';
import { migrate } from './store/migrate';
import type { Store } from './store/sqlite';
import { lockSqlite, openSqlite, sqlitePath } from './store/sqlite';

const WORKER_POLL_MS = 500;
/** How long a stop waits for the platforms; what is broken off then is taken up after the next start. */
const PLATFORM_PATIENCE_MS = 4_000;
/** How long it waits for callers: longer, so that they still hear what became of a broken-off call. */
const CALLER_PATIENCE_MS = 5_000;

export interface RunningServer {
  url: string;
  /** Takes no new work, lets what is under way finish, for some seconds, and lets go of everything. */
  close(): Promise<void>;
}

function createLog(settings: Settings): Logger {
  return pino({
    level: settings.LOG_LEVEL,
    base: null,
    timestamp: pino.stdTimeFunctions.epochTime,
    redact: ['openid', 'token', '*.openid', '*.token'],
  });
}

/** Listens first and answers later: the platforms must be told our address before they are called. */
async function listen(host: string, port: number) {
  const server = createServer();
  await new Promise<void>((resolveListening, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolveListening);
  });
  const address = server.address() as AddressInfo;
  const shownHost = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return { server, url: `http://${shownHost}:${String(address.port)}` };
}

function createPlatform(
  settings: Settings,
  publicUrl: string,
  { clock, log, metrics }: { clock: () => number; log: Logger; metrics: Metrics },
) {
  return createShingsou({
    idsUrl: settings.SHINGSOU_IDS_URL,
    apiUrl: settings.SHINGSOU_API_URL,
    clientId: settings.SHINGSOU_CLIENT_ID,
    clientSecret: settings.SHINGSOU_CLIENT_SECRET,
    subscriptionKey: settings.SHINGSOU_SUBSCRIPTION_KEY,
    scope: settings.SHINGSOU_SCOPE,
    appId: settings.WECHAT_APP_ID,
    notifyUrl: `${publicUrl}${API_BASE}/notifications/shingsou`,
    clock,
    onCall: metrics.upstream.observe,
    warn: (message, details) => {
      log.warn({ ...details }, message);
    },
  });
}

function isReachable(store: Store): () => Promise<boolean> {
  return async () => {
    try {
      await sql`select 1`.execute(store);
      return true;
    } catch {
      return false;
    }
  };
}

interface OpenStore {
  store: Store;
  close(): Promise<void>;
}

/** Opens and migrates the store, for this process alone. @throws StoreError */
async function openStore(databaseUrl: string): Promise<OpenStore> {
  const path = sqlitePath(databaseUrl);
  const lock = lockSqlite(path);
  try {
    const store = openSqlite(path);
    await migrate(store);
    return {
      store,
      close: async () => {
        await store.destroy();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Starts the BFF: settings, store, platforms, services, HTTP and worker, in this order.
 * @throws SettingsError, StoreError, or what keeps the port from being taken; then nothing is left running
 */
export async function startServer(
  environment: Environment,
  { clock = Date.now }: { clock?: () => number } = {},
): Promise<RunningServer> {
  const settings = readSettings(environment);
  const ruleFaults = orderRuleFaults();
  if (ruleFaults.length > 0) throw new Error(`order states: ${ruleFaults.join('; ')}`);
  const { server, url } = await listen(settings.HOST, settings.PORT);
  const opened = await openStore(settings.DATABASE_URL).catch((error: unknown) => {
    server.close();
    throw error;
  });
  try {
    return run({ settings, server, url, opened, clock });
  } catch (error) {
    server.close();
    await opened.close();
    throw error;
  }
}

function run({
  settings,
  server,
  url,
  opened,
  clock,
}: {
  settings: Settings;
  server: Server;
  url: string;
  opened: OpenStore;
  clock: () => number;
}): RunningServer {
  const { store } = opened;
  const log = createLog(settings);
  const metrics = createMetrics();
  const publicUrl = settings.PUBLIC_URL ?? url;
  const platform = createPlatform(settings, publicUrl, { clock, log, metrics });
  const { advancer, ...services } = createServices({ store, clock, log, platform });
  const app = createApp({
    ...services,
    log,
    metrics,
    client: clientFiles(resolve('dist/h5'), settings.DEMO_WECHAT_URL),
    demoWechatUrl: settings.DEMO_WECHAT_URL,
    requestsPerMinute: settings.RATE_LIMIT_PER_MINUTE,
    trustProxy: settings.TRUST_PROXY === '1',
    isReady: isReachable(store),
  });
  const stopListening = stopWhenAnswered(server);
  const answer = app.callback();
  server.on('request', (request, response) => void answer(request, response));
  const worker = startWorker({
    store,
    clock,
    log,
    handlers: { [ORDER_JOB]: advancer.run },
    pollMs: WORKER_POLL_MS,
  });

  async function close(): Promise<void> {
    const patience = setTimeout(() => void platform.close(), PLATFORM_PATIENCE_MS);
    await Promise.all([stopListening(CALLER_PATIENCE_MS), worker.stop()]);
    clearTimeout(patience);
    await platform.close();
    await opened.close();
  }
  return { url, close };
}
