import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { pino } from 'pino';
import { connectPlatforms } from './connect-platforms';
import { createApp } from './http/app';
import { createClientFiles } from './http/client-files';
import { createGracefulShutdown } from './http/graceful-shutdown';
import { startWorker } from './jobs/worker';
import { createMetrics } from './metrics/metrics';
import { findOrderRuleErrors } from './orders/order-state';
import { createServices } from './services';
import type { Environment, Settings } from './settings';
import { readSettings } from './settings';
import type { OpenStore } from './store/open-store';
import { openStore } from './store/open-store';
import type { Store } from './store/store';

const WORKER_POLL_MS = 500;
/** How long a stop waits for calls to platforms; aborted work is resumed after the next start. */
const PLATFORM_CLOSE_TIMEOUT_MS = 4_000;
/** How long it waits for requests: longer, so that they are still answered when their call was aborted. */
const REQUEST_DRAIN_TIMEOUT_MS = 5_000;

export interface RunningServer {
  url: string;
  /** Accepts no new work, waits some seconds for what is in progress, and closes every connection. */
  close(): Promise<void>;
}

/** Fields that are removed from every log line. */
const SECRET_FIELDS = ['openid', 'token', 'accessToken', 'failedToken', 'authorization'];

function createLog(settings: Settings): Logger {
  return pino({
    level: settings.log.level,
    base: null,
    timestamp: pino.stdTimeFunctions.epochTime,
    redact: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`]),
  });
}

/**
 * How long an idle connection stays open, in ms: longer than the 60 s for which proxies such as nginx reuse one.
 * If we closed it first, a request that the proxy sends at that moment would fail.
 */
const KEEP_ALIVE_MS = 75_000;

/** Listens before it answers: our address has to be known before platforms are called. */
async function listen(host: string, port: number) {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  await new Promise<void>((resolveListening, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolveListening);
  });
  const address = server.address() as AddressInfo;
  const shownHost = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return { server, url: `http://${shownHost}:${String(address.port)}` };
}

function createReadinessCheck(store: Store): () => Promise<boolean> {
  return async () => {
    try {
      await sql`select 1`.execute(store);
      return true;
    } catch {
      return false;
    }
  };
}

/**
 * Starts the BFF: settings, store, platforms, services, HTTP and worker, in this order.
 * @throws SettingsError, StoreError, or the error of listening; then nothing is left running
 */
export async function startServer(
  environment: Environment,
  { clock = Date.now }: { clock?: () => number } = {},
): Promise<RunningServer> {
  const settings = readSettings(environment);
  const ruleErrors = findOrderRuleErrors();
  if (ruleErrors.length > 0) throw new Error(`order states: ${ruleErrors.join('; ')}`);
  const log = createLog(settings);
  const { server, url } = await listen(settings.listen.host, settings.listen.port);
  const opened = await openStore(settings.store.databaseUrl, {
    acceptDataLoss: settings.store.acceptDataLoss,
    warn: (message) => {
      log.warn(message);
    },
  }).catch((error: unknown) => {
    server.close();
    throw error;
  });
  try {
    return await runServer({ settings, log, server, url, opened, clock });
  } catch (error) {
    server.close();
    await opened.close();
    throw error;
  }
}

interface ServerParts {
  settings: Settings;
  log: Logger;
  server: Server;
  url: string;
  opened: OpenStore;
  clock: () => number;
}

async function runServer(parts: ServerParts): Promise<RunningServer> {
  const { settings, log, server, url, opened, clock } = parts;
  const { store } = opened;
  const metrics = createMetrics();
  metrics.watchStore(store);
  metrics.watchTokens(store, clock);
  const publicUrl = settings.listen.publicUrl ?? url;
  const platforms = connectPlatforms(settings, { publicUrl, store, clock, log, metrics });
  const internalKey = settings.internal.key;
  const services = createServices({
    store,
    clock,
    log,
    ...platforms,
    internalKey,
    settlementDays: settings.settlementDays,
  });
  await services.scheduleInitialJobs();
  const app = createApp({
    ...services,
    log,
    metrics,
    client: createClientFiles(resolve('dist/h5'), settings.demo.wechatUrl),
    demoWechatUrl: settings.demo.wechatUrl,
    requestsPerMinute: settings.listen.requestsPerMinute,
    trustProxy: settings.listen.trustProxy,
    isReady: createReadinessCheck(store),
  });
  const stopListening = createGracefulShutdown(server);
  const answer = app.callback();
  server.on('request', (request, response) => void answer(request, response));
  const worker = startWorker({
    store,
    clock,
    log,
    handlers: services.jobs,
    pollMs: WORKER_POLL_MS,
    onStuck: services.onStuck,
  });
  void platforms.verify();

  async function close(): Promise<void> {
    const closeTimer = setTimeout(() => void platforms.close(), PLATFORM_CLOSE_TIMEOUT_MS);
    await Promise.all([stopListening(REQUEST_DRAIN_TIMEOUT_MS), worker.stop()]);
    clearTimeout(closeTimer);
    await platforms.close();
    await services.backgroundSettled();
    await opened.close();
  }
  return { url, close };
}
