import { z } from 'zod';
import { API_BASE } from '@shared/contract';
import type { ObserveAnswer } from '../../platforms/answer-observer';
import { createDakashi } from '../../platforms/dakashi';
import { createMxchip } from '../../platforms/mxchip';
import type { CardPlatform, DevicePlatform, PaymentGateway } from '../../platforms/ports';
import { createShingsou } from '../../platforms/shingsou';
import { createWechatPay } from '../../platforms/wechatpay';
import type { Environment } from '../../settings';
import { accountShape } from '../../settings/accounts';
import { origin } from '../../settings/setting-schemas';
import { merchantShape, readMerchant } from '../../settings/merchant';
import { readPlatformSettings } from '../operations/read-settings';
import type { PlatformName } from './arguments';

/** A platform as the operator's settings connect it, with the ports it fills. */
export interface Target {
  cards?: CardPlatform;
  payments?: PaymentGateway;
  devices?: DevicePlatform;
  close(): Promise<void>;
}

export interface Connection {
  environment: Environment;
  /** Epoch milliseconds. */
  clock: () => number;
  onAnswer: ObserveAnswer;
  warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

const shop = {
  WECHAT_APP_ID: z.string().regex(/^wx[0-9a-f]{16}$/, 'must be an app id'),
  /** Nobody listens there: what becomes of an order is asked. */
  PUBLIC_URL: origin.default('https://liuka.invalid'),
};

function notifyUrl({ PUBLIC_URL }: { PUBLIC_URL: string }, platform: PlatformName): string {
  return `${PUBLIC_URL}${API_BASE}/notifications/${platform}`;
}

const shingsouSettings = z.object({
  ...shop,
  SHINGSOU_IDS_URL: accountShape.SHINGSOU_IDS_URL,
  SHINGSOU_API_URL: accountShape.SHINGSOU_API_URL,
  SHINGSOU_CLIENT_ID: accountShape.SHINGSOU_CLIENT_ID.unwrap(),
  SHINGSOU_CLIENT_SECRET: accountShape.SHINGSOU_CLIENT_SECRET.unwrap(),
  SHINGSOU_SUBSCRIPTION_KEY: accountShape.SHINGSOU_SUBSCRIPTION_KEY.unwrap(),
  SHINGSOU_SCOPE: accountShape.SHINGSOU_SCOPE,
});

function connectShingsou({ environment, ...rest }: Connection): Target {
  const values = readPlatformSettings(shingsouSettings, environment);
  const { cards, payments, close } = createShingsou({
    idsUrl: values.SHINGSOU_IDS_URL,
    apiUrl: values.SHINGSOU_API_URL,
    clientId: values.SHINGSOU_CLIENT_ID,
    clientSecret: values.SHINGSOU_CLIENT_SECRET,
    subscriptionKey: values.SHINGSOU_SUBSCRIPTION_KEY,
    scope: values.SHINGSOU_SCOPE,
    appId: values.WECHAT_APP_ID,
    notifyUrl: notifyUrl(values, 'shingsou'),
    ...rest,
  });
  return { cards, payments, close };
}

const dakashiSettings = z.object({
  DAKASHI_URL: accountShape.DAKASHI_URL,
  DAKASHI_DIALECT: accountShape.DAKASHI_DIALECT,
  DAKASHI_CLIENT_ID: accountShape.DAKASHI_CLIENT_ID.unwrap(),
  DAKASHI_CLIENT_SECRET: accountShape.DAKASHI_CLIENT_SECRET.unwrap(),
});

function connectDakashi({ environment, ...rest }: Connection): Target {
  const values = readPlatformSettings(dakashiSettings, environment);
  const { cards, close } = createDakashi({
    url: values.DAKASHI_URL,
    dialect: values.DAKASHI_DIALECT,
    clientId: values.DAKASHI_CLIENT_ID,
    clientSecret: values.DAKASHI_CLIENT_SECRET,
    ...rest,
  });
  return { cards, close };
}

const wechatPaySettings = z.object({
  ...shop,
  ...merchantShape,
  WECHATPAY_URL: origin.default('https://api.mch.weixin.qq.com'),
  WECHATPAY_MCH_ID: merchantShape.WECHATPAY_MCH_ID.unwrap(),
  WECHATPAY_SERIAL: merchantShape.WECHATPAY_SERIAL.unwrap(),
  WECHATPAY_PRIVATE_KEY: merchantShape.WECHATPAY_PRIVATE_KEY.unwrap(),
  WECHATPAY_API_V3_KEY: merchantShape.WECHATPAY_API_V3_KEY.unwrap(),
});

function connectWechatPay({ environment, ...rest }: Connection): Target {
  const values = readPlatformSettings(wechatPaySettings, environment);
  const merchant = readMerchant(values);
  if (!merchant) throw new TypeError('a merchant that was checked is not whole');
  const { payments, close } = createWechatPay({
    ...merchant,
    appId: values.WECHAT_APP_ID,
    notifyUrl: notifyUrl(values, 'wechatpay'),
    ...rest,
  });
  return { payments, close };
}

const mxchipSettings = z.object({
  MXCHIP_URL: accountShape.MXCHIP_URL.unwrap(),
  MXCHIP_CLIENT_ID: accountShape.MXCHIP_CLIENT_ID.unwrap(),
  MXCHIP_CLIENT_SECRET: accountShape.MXCHIP_CLIENT_SECRET.unwrap(),
});

function connectMxchip({ environment, ...rest }: Connection): Target {
  const values = readPlatformSettings(mxchipSettings, environment);
  const { devices, close } = createMxchip({
    url: values.MXCHIP_URL,
    clientId: values.MXCHIP_CLIENT_ID,
    clientSecret: values.MXCHIP_CLIENT_SECRET,
    ...rest,
  });
  return { devices, close };
}

const connectors: Readonly<Record<PlatformName, (connection: Connection) => Target>> = {
  shingsou: connectShingsou,
  dakashi: connectDakashi,
  wechatpay: connectWechatPay,
  mxchip: connectMxchip,
};

/** Connects one platform. @throws SettingsError naming every setting that is missing or wrong */
export function connectTarget(platform: PlatformName, connection: Connection): Target {
  return connectors[platform](connection);
}
