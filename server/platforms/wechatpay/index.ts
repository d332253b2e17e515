import type { KeyObject } from 'node:crypto';
import type { ObserveAnswer } from '../answer-observer';
import type { PaymentGateway } from '../ports';
import { createUpstreamHttp } from '../upstream-http';
import type { UpstreamCall } from '../upstream-http';
import type { UpstreamLimits } from '../upstream-policies';
import { createBillDownload } from './bill-download';
import { createWechatPayClient } from './client';
import type { Warn } from './client';
import { createNotificationReader } from './notifications';
import { createPayments } from './payments';
import { createRefunds } from './refunds';

export interface WechatPayOptions {
  /** Origin of WeChat Pay. */
  url: string;
  /** The mini-program whose payment sheet opens. */
  appId: string;
  mchId: string;
  /** Serial of the merchant's certificate, and its private key. */
  serial: string;
  privateKey: KeyObject;
  /** The 32 bytes that notifications and platform certificates are sealed with. */
  apiV3Key: KeyObject;
  /** The 微信支付公钥 with its id; without it, platform certificates alone are believed. */
  publicKey?: { id: string; key: KeyObject } | undefined;
  /** Where WeChat Pay sends its notifications: https, without parameters. */
  notifyUrl: string;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Sees every HTTP exchange, for metrics and logs. */
  onCall?: ((call: UpstreamCall) => void) | undefined;
  /** Sees what an operator should look into. */
  warn?: Warn | undefined;
  /** Sees answers before they are read. */
  onAnswer?: ObserveAnswer | undefined;
  limits?: Partial<UpstreamLimits> | undefined;
}

export interface WechatPay {
  payments: PaymentGateway;
  /** Breaks off what is under way and lets go of every connection. */
  close(): Promise<void>;
}

/** A busy day's bill: some 300 bytes for each row. */
const BILL_FILE_LIMITS = {
  answerBytes: 64 * 1024 * 1024,
  headersTimeout: 20_000,
  totalTimeout: 120_000,
  connections: 1,
} as const satisfies Partial<UpstreamLimits>;

const ignoreWarnings: Warn = () => undefined;

/** WeChat Pay itself (APIv3, direct merchant), filling the port for payments. */
export function createWechatPay(options: WechatPayOptions): WechatPay {
  const { url: origin, appId, mchId, serial, privateKey, apiV3Key, publicKey } = options;
  const { notifyUrl, clock, onCall, limits, warn = ignoreWarnings } = options;
  const transport = { platform: 'wechatpay', origin, onCall };
  const http = createUpstreamHttp({ ...transport, limits });
  const fileHttp = createUpstreamHttp({ ...transport, limits: { ...limits, ...BILL_FILE_LIMITS } });
  const merchant = { mchId, serial, privateKey };
  const account = { appId, mchId };
  const credentials = { merchant, apiV3Key, publicKey };
  const { onAnswer } = options;
  const client = createWechatPayClient({ http, ...credentials, clock, warn, onAnswer });
  const { keys } = client;
  return {
    payments: {
      name: 'wechatpay',
      // WeChat Pay takes the money and knows nothing of cards.
      deliversOnPayment: false,
      ...createPayments({ client, appId, merchant, notifyUrl, clock, warn }),
      ...createRefunds({ client, notifyUrl, warn }),
      readNotification: createNotificationReader({ account, keys, apiV3Key, clock }),
      // WeChat Pay v3, 支付通知: status 200 or 204 acknowledges, the body is optional.
      acknowledgement: { code: 'SUCCESS', message: '成功' },
      downloadBill: createBillDownload({ client, http: fileHttp, account, clock }),
    },
    async close() {
      await Promise.all([http.close(), fileHttp.close()]);
    },
  };
}
