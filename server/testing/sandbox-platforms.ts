import { createCardPlatforms } from '../platforms/card-platforms';
import assert from 'node:assert/strict';
import { createGateways } from '../platforms/payment-gateways';
import { createShingsou } from '../platforms/shingsou';
import { createWechat } from '../platforms/wechat';
import { createWechatPay } from '../platforms/wechatpay';
import { createSandbox } from '../sandbox/create-sandbox';
import { readSettings } from '../settings';
import { midMonthClock } from './harness';
import { createSandboxControls, type SandboxControls } from './sandbox-controls';
import { startPlatformProxy, type PlatformProxy } from './platform-proxy';

/** Impatient, so that a platform that is away does not hold up the test, and never left alone. */
const limits = {
  headersTimeout: 1_000,
  totalTimeout: 2_000,
  retries: 1,
  retryPause: 1,
  breakAfter: 1_000_000,
};

/** The simulated platforms and one clock for all. */
export interface SandboxPlatforms {
  controls: SandboxControls;
  platformProxy: PlatformProxy;
  settings: Record<string, string>;
  now(): number;
  advanceClock(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

export async function startSandboxPlatforms(): Promise<SandboxPlatforms> {
  const clock = midMonthClock();
  const sandbox = createSandbox({ seed: 'order-model', clock });
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

/** Through whom people pay, and with whom they sign in. */
export type TestChannel = 'shingsou' | 'wechatpay';

/** The platforms as the BFF connects to them, over the wire, with their notifications told at one address. */
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
