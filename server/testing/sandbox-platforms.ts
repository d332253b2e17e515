import { createCardPlatforms } from '../platforms/card-platforms';
import assert from 'node:assert/strict';
import { createGateways } from '../platforms/payment-gateways';
import { createShingsou } from '../platforms/shingsou';
import { createWechat } from '../platforms/wechat';
import { createWechatPay } from '../platforms/wechatpay';
import { createSandbox } from '../sandbox/create-sandbox';
import { readSettings } from '../settings';
import { startOfBeijingMonth } from '@shared/beijing-time';
import { createSandboxControls, type SandboxControls } from './sandbox-controls';
import { startPlatformProxy, type PlatformProxy } from './platform-proxy';

/** Short timeouts, and no circuit breaker, so that a platform that is down does not delay the test. */
const limits = {
  headersTimeout: 1_000,
  totalTimeout: 2_000,
  retries: 1,
  retryPause: 1,
  breakAfter: 1_000_000,
};

/** The sandbox behind a proxy, with a clock that tests can advance. */
export interface SandboxPlatforms {
  controls: SandboxControls;
  platformProxy: PlatformProxy;
  settings: Record<string, string>;
  now(): number;
  advanceClock(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

/** A clock that starts in the middle of this month, so that no month ends during a test. */
function midMonthClock(): () => number {
  const start = Date.now();
  const offset = startOfBeijingMonth(start) + 14 * 24 * 60 * 60_000 - start;
  return () => Date.now() + offset;
}

/** @param seed the seed of the sandbox's cards and credentials */
export async function startSandboxPlatforms(seed = 'order-model'): Promise<SandboxPlatforms> {
  const clock = midMonthClock();
  const sandbox = createSandbox({ seed, clock });
  const { url } = await sandbox.listen(0);
  const platformProxy = await startPlatformProxy(url);
  const controls = createSandboxControls(url);
  let offset = 0;
  const now = () => clock() + offset;
  return {
    controls,
    platformProxy,
    settings: sandbox.settings(),
    now,
    advanceClock: async (milliseconds) => {
      offset += milliseconds;
      await controls.setClock(now());
    },
    close: async () => {
      await platformProxy.close();
      await sandbox.close();
    },
  };
}

/** The payment channel, which also decides the identity provider. */
export type TestChannel = 'shingsou' | 'wechatpay';

/**
 * Connects to the platforms as the BFF does, through the proxy.
 * @param notifyUrl where they send notifications
 */
export function connectToSandbox(
  { platformProxy, settings, now }: SandboxPlatforms,
  channel: TestChannel,
  notifyUrl: string,
) {
  const {
    wechatpay,
    shingsou: account,
    wechat: app,
  } = readSettings({
    ...settings,
    SHINGSOU_IDS_URL: platformProxy.url,
    SHINGSOU_API_URL: platformProxy.url,
    WECHAT_API_URL: platformProxy.url,
    WECHATPAY_URL: platformProxy.url,
  });
  assert.ok(wechatpay && account && app.appSecret, 'the sandbox is no merchant of WeChat Pay');
  const shared = { appId: app.appId, clock: now, limits, notifyUrl };
  const shingsou = createShingsou({
    ...shared,
    ...account,
  });
  const wechatPay = createWechatPay({ ...shared, ...wechatpay });
  const wechat = createWechat({
    ...shared,
    apiUrl: app.apiUrl,
    appSecret: app.appSecret,
  });
  const isDirect = channel === 'wechatpay';
  return {
    platforms: createCardPlatforms([shingsou.cards]),
    identity: isDirect ? wechat.identity : shingsou.identity,
    gateways: createGateways(isDirect ? wechatPay.payments : shingsou.payments),
    close: () => Promise.all([shingsou.close(), wechatPay.close(), wechat.close()]),
  };
}
