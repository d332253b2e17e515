import { API_BASE } from '@shared/contract';
import { isOwnOrderNumber } from '../../orders/order-number';
import type { ObserveAnswer } from '../../platforms/answer-observer';
import { createDakashi } from '../../platforms/dakashi';
import { createMxchip } from '../../platforms/mxchip';
import type { CardPlatform, DevicePlatform, PaymentGateway } from '../../platforms/ports';
import { createShingsou } from '../../platforms/shingsou';
import { createWechatPay } from '../../platforms/wechatpay';
import { readAccount, readShopAccount } from '../../settings';
import type { Environment } from '../../settings';
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

/** Nobody listens there: the state of an order is queried. */
const NO_PUBLIC_URL = 'https://liuka.invalid';

function notifyUrl(publicUrl: string | undefined, platform: PlatformName): string {
  return `${publicUrl ?? NO_PUBLIC_URL}${API_BASE}/notifications/${platform}`;
}

function connectShingsou({ environment, ...rest }: Connection): Target {
  const { account, appId, publicUrl } = readShopAccount('shingsou', environment);
  const { cards, payments, close } = createShingsou({
    ...account,
    ...rest,
    appId,
    notifyUrl: notifyUrl(publicUrl, 'shingsou'),
  });
  return { cards, payments, close };
}

function connectDakashi({ environment, ...rest }: Connection): Target {
  const { cards, close } = createDakashi({ ...readAccount('dakashi', environment), ...rest });
  return { cards, close };
}

function connectWechatPay({ environment, ...rest }: Connection): Target {
  const { account, appId, publicUrl } = readShopAccount('wechatpay', environment);
  const { payments, close } = createWechatPay({
    ...account,
    ...rest,
    appId,
    isOwnOrderNumber,
    notifyUrl: notifyUrl(publicUrl, 'wechatpay'),
  });
  return { payments, close };
}

function connectMxchip({ environment, ...rest }: Connection): Target {
  const { devices, close } = createMxchip({ ...readAccount('mxchip', environment), ...rest });
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
