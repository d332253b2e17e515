import { API_BASE } from '@shared/contract';
import type { Logger } from 'pino';
import type { Metrics } from './metrics/metrics';
import type { Gateways } from './platforms/payment-gateways';
import { createGateways } from './platforms/payment-gateways';
import { createDakashi } from './platforms/dakashi';
import type { CallbackReader, DevicePlatform, IdentityProvider } from './platforms/ports';
import type { CardPlatforms } from './platforms/card-platforms';
import { createCardPlatforms } from './platforms/card-platforms';
import { createMxchip } from './platforms/mxchip';
import { isOwnOrderNumber } from './orders/order-number';
import { createShingsou } from './platforms/shingsou';
import type { UpstreamCall } from './platforms/upstream-http';
import type { Wechat } from './platforms/wechat';
import { createWechat } from './platforms/wechat';
import { createWechatPay } from './platforms/wechatpay';
import type { Settings } from './settings';
import type { Store } from './store/store';
import type { TokenHolders } from './tokens/token-holders';
import { createTokenHolders } from './tokens/token-holders';
import type { TokenParts } from './tokens/token-service';

/** The platforms that the settings name, as the ports describe them. */
export interface ConnectedPlatforms {
  platforms: CardPlatforms;
  identity: IdentityProvider;
  gateways: Gateways;
  /** The device platform, if the shop has one. */
  devices: DevicePlatform | undefined;
  /** Reads the callbacks of 大卡师, if it is connected. */
  callbackReader: CallbackReader | undefined;
  /** The platforms' access tokens, for the operator's other servers. */
  tokens: TokenParts;
  /** Checks the credentials, so that wrong ones are in the log before the first person signs in. */
  verify(): Promise<void>;
  /** Aborts calls in progress and closes every connection. */
  close(): Promise<void>;
}

interface ConnectOptions {
  /** Where processes share their tokens. */
  store: Store;
  /** Where the platforms send their notifications. */
  publicUrl: string;
  clock: () => number;
  log: Logger;
  metrics: Metrics;
}

/** The options that all clients of platforms share. */
function commonOptions({ clock, log, metrics }: ConnectOptions) {
  return {
    clock,
    onCall: (call: UpstreamCall) => {
      metrics.upstream.observe(call);
      const { platform, operation, problem } = call;
      if (problem !== undefined) log.warn({ platform, operation, problem }, 'unusable answer');
    },
    warn: (message: string, details: Readonly<Record<string, unknown>>) => {
      log.warn({ ...details }, message);
    },
  };
}

function connectShingsou(settings: Settings, options: ConnectOptions, tokens: TokenHolders) {
  const { shingsou, wechat } = settings;
  if (!shingsou) return undefined;
  const { clientSecret, idsUrl, clientId, scope } = shingsou;
  return createShingsou({
    ...commonOptions(options),
    ...shingsou,
    appId: wechat.appId,
    notifyUrl: `${options.publicUrl}${API_BASE}/notifications/shingsou`,
    holdTokens: tokens.factory({
      platform: 'shingsou',
      clientSecret,
      issuedFor: [idsUrl, clientId, scope],
    }),
  });
}

function connectDakashi({ dakashi }: Settings, options: ConnectOptions) {
  return dakashi && createDakashi({ ...commonOptions(options), ...dakashi });
}

function connectMxchip(
  { devices, mxchip }: Settings,
  options: ConnectOptions,
  tokens: TokenHolders,
) {
  if (devices.platform !== 'mxchip' || !mxchip) return undefined;
  const { url, clientId, clientSecret } = mxchip;
  return createMxchip({
    ...commonOptions(options),
    ...mxchip,
    holdTokens: tokens.factory({
      platform: 'mxchip',
      clientSecret,
      issuedFor: [url, clientId],
    }),
  });
}

function connectWechat({ login, wechat }: Settings, options: ConnectOptions) {
  if (login.provider !== 'wechat') return undefined;
  const { apiUrl, appId, appSecret = '' } = wechat;
  return createWechat({ ...commonOptions(options), apiUrl, appId, appSecret });
}

/** Also connected when new orders use another channel: its older orders are still settled. */
function connectWechatPay({ wechatpay, wechat }: Settings, options: ConnectOptions) {
  if (!wechatpay) return undefined;
  return createWechatPay({
    ...commonOptions(options),
    ...wechatpay,
    appId: wechat.appId,
    isOwnOrderNumber,
    notifyUrl: `${options.publicUrl}${API_BASE}/notifications/wechatpay`,
  });
}

async function verifyWechat(wechat: Wechat | undefined, log: Logger): Promise<void> {
  try {
    const verdict = await wechat?.verify();
    if (verdict === 'refused') log.error('WeChat refuses WECHAT_APP_ID and WECHAT_APP_SECRET');
  } catch (error) {
    log.warn({ err: error }, 'WeChat did not answer whether it accepts our credentials');
  }
}

function isDefined<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}

/** @throws Error if it is not connected: the settings were checked for that */
function findByName<Platform extends { name: string }>(
  name: string,
  all: readonly Platform[],
): Platform {
  const found = all.find((each) => each.name === name);
  if (!found) throw new Error(`${name} is not connected`);
  return found;
}

/** Connects what the settings name. No platform is called before it is needed. */
export function connectPlatforms(settings: Settings, options: ConnectOptions): ConnectedPlatforms {
  const { metrics } = options;
  const tokens = createTokenHolders({ ...options, observer: metrics.tokens });
  const shingsou = connectShingsou(settings, options, tokens);
  const dakashi = connectDakashi(settings, options);
  const mxchip = connectMxchip(settings, options, tokens);
  const wechat = connectWechat(settings, options);
  const wechatPay = connectWechatPay(settings, options);
  const gateways = [shingsou?.payments, wechatPay?.payments].filter(isDefined);
  const cards = [shingsou?.cards, dakashi?.cards].filter(isDefined);
  const identity = wechat?.identity ?? shingsou?.identity;
  if (!identity) throw new Error(`no identity provider: ${settings.login.provider}`);
  return {
    platforms: createCardPlatforms(
      settings.cards.platforms.map((name) => findByName(name, cards)),
      cards,
    ),
    identity,
    gateways: createGateways(findByName(settings.payment.channel, gateways), gateways),
    devices: mxchip?.devices,
    callbackReader: dakashi?.callbacks,
    tokens: {
      holders: { ...tokens.holders, ...(wechat && { wechat: wechat.accessToken }) },
      renew: tokens.renew,
      recordUse: metrics.tokens.used,
    },
    verify: () => verifyWechat(wechat, options.log),
    close: async () => {
      const connected = [shingsou, dakashi, mxchip, wechat, wechatPay].filter(isDefined);
      await Promise.all(connected.map((each) => each.close()));
      await tokens.close();
    },
  };
}
