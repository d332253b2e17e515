import { setMaxListeners } from 'node:events';
import { createServer, type Server } from 'node:http';
import { assembleSandbox } from './sandbox-parts';
import { noFaults } from './faults';
import { dakashiSettings } from './dakashi/simulator';
import { createApp } from './http-app';
import { mxchipSettings } from './mxchip/device-store';
import { createSaver, loadState, noSaver } from './persistence';
import { makeCards } from './seed/cards';
import { newBackOfficeState } from './shingsou/back-office-state';
import { STATE_VERSION, type SandboxState } from './state';
import { makePayKeys, readPayKeys, type PayKeys } from './wechatpay/keys';
import type { Simulator } from './simulator';

const DEFAULT_SEED = 'liuka';
const DEFAULT_DELIVERY_SECONDS = 3;

export interface SandboxOptions {
  /** The seed of cards and credentials; a loaded state keeps its own. */
  seed?: string;
  /**
   * A JSON file from which the state is loaded and to which it is saved; without it, it is kept in memory.
   */
  dataFile?: string;
  /** Real time, epoch ms. */
  clock?: () => number;
  /** How long a delivery takes, in sandbox time. */
  deliverySeconds?: number;
  /** The callback URL of 大卡师; it sends no callbacks unless it is set here or by a control route. */
  dakashiCallbackUrl?: string;
  /** Called with errors of the sandbox itself, which callers see as a 500. */
  onError?: (error: unknown) => void;
}

export interface Sandbox {
  /** Starts to listen; port 0 takes a free one. @throws Error if the address is not available */
  listen(port: number, host?: string): Promise<{ url: string; port: number }>;
  /** The settings that connect a BFF to this sandbox. @throws Error before it listens */
  settings(): Record<string, string>;
  /** Ends connections, timers and outbound calls, and saves the state. */
  close(): Promise<void>;
}

function freshState(seed: string, now: number): SandboxState {
  return {
    version: STATE_VERSION,
    seed,
    clockOffsetMs: 0,
    faults: noFaults(),
    token: null,
    tokenRequests: { asked: 0, issued: 0 },
    stableToken: null,
    payKeys: null,
    people: [],
    loginCodes: [],
    cards: makeCards(seed, now),
    orders: [],
    prepays: [],
    refunds: [],
    trades: [],
    transactions: [],
    tradeRefunds: [],
    notifications: [],
    shingsou: newBackOfficeState(),
    deliveries: [],
    dakashi: null,
    mxchip: null,
    agenda: [],
  };
}

function settingsFor(
  { state: { seed }, credentials }: Simulator,
  { merchantKeyPem, platformPublicKeyPem }: PayKeys,
  url: string,
): Record<string, string> {
  const { clientId, clientSecret, subscriptionKey, appId } = credentials;
  return {
    LOGIN: 'shingsou',
    PAYMENT: 'shingsou',
    CARDS: 'shingsou',
    SHINGSOU_IDS_URL: url,
    SHINGSOU_API_URL: url,
    SHINGSOU_CLIENT_ID: clientId,
    SHINGSOU_CLIENT_SECRET: clientSecret,
    SHINGSOU_SUBSCRIPTION_KEY: subscriptionKey,
    SHINGSOU_SCOPE: 'iot.cardservice.all iot.paymentservice.all',
    WECHAT_API_URL: url,
    WECHAT_APP_ID: appId,
    WECHAT_APP_SECRET: credentials.appSecret,
    WECHATPAY_URL: url,
    WECHATPAY_MCH_ID: credentials.mchId,
    WECHATPAY_SERIAL: credentials.merchantSerial,
    WECHATPAY_PRIVATE_KEY: merchantKeyPem,
    WECHATPAY_API_V3_KEY: credentials.apiV3Key,
    WECHATPAY_PUBLIC_KEY: platformPublicKeyPem,
    WECHATPAY_PUBLIC_KEY_ID: credentials.publicKeyId,
    DEMO_WECHAT_URL: url,
    ...dakashiSettings(seed, url),
    ...mxchipSettings(seed, url),
  };
}

/** Replaces an address that means "every interface" by loopback, because clients cannot call it. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function startListening(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

/**
 * The simulated platforms on one port: 旭宇's token server and gateway, WeChat's login and WeChat Pay, 大卡师
 * and 庆科.
 * @throws Error if the data file does not hold the state of a sandbox
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const { dataFile, seed = DEFAULT_SEED, clock: realClock = Date.now } = options;
  const closing = new AbortController();
  // Every delayed response listens to it.
  setMaxListeners(0, closing.signal);
  const onError = (error: unknown) => {
    if (!closing.signal.aborted) options.onError?.(error);
  };
  const state = (dataFile ? loadState(dataFile) : undefined) ?? freshState(seed, realClock());
  const saver = dataFile ? createSaver(dataFile, state, onError) : noSaver;
  let payKeys: PayKeys | undefined;
  const parts = assembleSandbox(state, {
    clock: realClock,
    payKeys: () => {
      if (!payKeys) throw new Error('the sandbox does not listen yet');
      return payKeys;
    },
    deliverySeconds: options.deliverySeconds ?? DEFAULT_DELIVERY_SECONDS,
    dakashiCallbackUrl: options.dakashiCallbackUrl ?? null,
    closing: closing.signal,
    onChange: saver.scheduleSave,
    onError,
  });
  const { clock, simulator } = parts;
  let url: string | undefined;

  async function prepareKeys(): Promise<void> {
    state.payKeys ??= await makePayKeys(simulator.credentials.certificateSerial, clock.now());
    payKeys = readPayKeys(state.payKeys);
    saver.scheduleSave();
  }

  function settings(): Record<string, string> {
    if (url === undefined) throw new Error('the sandbox does not listen yet');
    return settingsFor(simulator, simulator.payKeys(), url);
  }

  const app = createApp({ parts, settings, onChange: saver.scheduleSave, onError });
  const handleRequest = app.callback();
  const server = createServer((request, response) => void handleRequest(request, response));

  return {
    async listen(port, host = '127.0.0.1') {
      await prepareKeys();
      const boundPort = await startListening(server, port, host);
      url = `http://${reachableHost(host)}:${String(boundPort)}`;
      clock.start();
      return { url, port: boundPort };
    },
    settings,
    async close() {
      closing.abort();
      await Promise.all([stopServer(server), clock.stop()]);
      await saver.close();
    },
  };
}
