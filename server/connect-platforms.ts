import { API_BASE } from '@shared/contract';
import type { Logger } from 'pino';
import type { Metrics } from './operations/metrics';
import type { Gateways } from './payments/gateways';
import { createGateways } from './payments/gateways';
import type { CardPlatform, IdentityProvider } from './platforms/ports';
import { createShingsou } from './platforms/shingsou';
import type { Wechat } from './platforms/wechat';
import { createWechat } from './platforms/wechat';
import { createWechatPay } from './platforms/wechatpay';
import type { Settings } from './settings';

/** The platforms that the settings name, in the words of the ports. */
export interface Platforms {
  cards: CardPlatform;
  identity: IdentityProvider;
  gateways: Gateways;
  /** Asks whether the credentials are taken, so that wrong ones are in the log before anybody signs in. */
  verify(): Promise<void>;
  /** Breaks off what is under way and lets go of every connection. */
  close(): Promise<void>;
}

interface Surroundings {
  /** Where the platforms send their notifications. */
  publicUrl: string;
  clock: () => number;
  log: Logger;
  metrics: Metrics;
}

/** What every platform's client is given. */
function shared({ clock, log, metrics }: Surroundings) {
  return {
    clock,
    onCall: metrics.upstream.observe,
    warn: (message: string, details: Readonly<Record<string, unknown>>) => {
      log.warn({ ...details }, message);
    },
  };
}

function connectShingsou(settings: Settings, surroundings: Surroundings) {
  return createShingsou({
    ...shared(surroundings),
    idsUrl: settings.SHINGSOU_IDS_URL,
    apiUrl: settings.SHINGSOU_API_URL,
    clientId: settings.SHINGSOU_CLIENT_ID,
    clientSecret: settings.SHINGSOU_CLIENT_SECRET,
    subscriptionKey: settings.SHINGSOU_SUBSCRIPTION_KEY,
    scope: settings.SHINGSOU_SCOPE,
    appId: settings.WECHAT_APP_ID,
    notifyUrl: `${surroundings.publicUrl}${API_BASE}/notifications/shingsou`,
  });
}

function connectWechat(settings: Settings, surroundings: Surroundings) {
  if (settings.LOGIN !== 'wechat') return undefined;
  return createWechat({
    ...shared(surroundings),
    apiUrl: settings.WECHAT_API_URL,
    appId: settings.WECHAT_APP_ID,
    appSecret: settings.WECHAT_APP_SECRET ?? '',
  });
}

/** Also where it is not what new orders are paid through: its older orders are still settled. */
function connectWechatPay({ WECHATPAY, ...settings }: Settings, surroundings: Surroundings) {
  if (!WECHATPAY) return undefined;
  return createWechatPay({
    ...shared(surroundings),
    ...WECHATPAY,
    appId: settings.WECHAT_APP_ID,
    notifyUrl: `${surroundings.publicUrl}${API_BASE}/notifications/wechatpay`,
  });
}

async function verifyWechat(wechat: Wechat | undefined, log: Logger): Promise<void> {
  try {
    const taken = await wechat?.verify();
    if (taken === 'refused') log.error('WeChat refuses WECHAT_APP_ID and WECHAT_APP_SECRET');
  } catch (error) {
    log.warn({ err: error }, 'WeChat did not say whether it takes our credentials');
  }
}

/** Connects what the settings name. Nothing is asked of a platform before it is needed. */
export function connectPlatforms(settings: Settings, surroundings: Surroundings): Platforms {
  const shingsou = connectShingsou(settings, surroundings);
  const wechat = connectWechat(settings, surroundings);
  const wechatPay = connectWechatPay(settings, surroundings);
  const gateways = [shingsou.payments, ...(wechatPay ? [wechatPay.payments] : [])];
  const current = gateways.find(({ name }) => name === settings.PAYMENT);
  if (!current) throw new Error(`no payment channel ${settings.PAYMENT}`);
  return {
    cards: shingsou.cards,
    identity: wechat?.identity ?? shingsou.identity,
    gateways: createGateways(current, gateways),
    verify: () => verifyWechat(wechat, surroundings.log),
    close: async () => {
      await Promise.all([shingsou.close(), wechat?.close(), wechatPay?.close()]);
    },
  };
}
