import type { KeyObject } from 'node:crypto';
import type { ObserveAnswer } from '../answer-observer';
import type { PaymentGateway } from '../ports';
import { createUpstreamHttp } from '../upstream-http';
import type { UpstreamCall } from '../upstream-http';
import type { UpstreamLimits } from '../upstream-policies';
import { ignoreWarnings } from '../warn';
import type { Warn } from '../warn';
import { downloadBill } from './bill-download';
import { createWechatPayClient } from './client';
import { closePayment } from './close-payment';
import type { WechatPayContext } from './context';
import { createPayment } from './create-payment';
import { readNotification } from './notifications';
import { queryPayment, queryTransaction } from './query-payment';
import { findRefund, queryRefund, redirectAbnormalRefund, refund } from './refunds';

export interface WechatPayOptions {
  /** Origin of WeChat Pay. */
  url: string;
  /** The mini-program whose payment sheet opens. */
  appId: string;
  mchId: string;
  /** Serial of the merchant's certificate, and its private key. */
  serial: string;
  privateKey: KeyObject;
  /** The 32-byte key that notifications and platform certificates are encrypted with. */
  apiV3Key: KeyObject;
  /** The 微信支付公钥 and its id. Without it, only platform certificates are trusted. */
  publicKey?: { id: string; key: KeyObject } | undefined;
  /** Which order numbers are ours, if other shops use the same merchant account. Default: all. */
  isOwnOrderNumber?: ((orderNumber: string) => boolean) | undefined;
  /** Where WeChat Pay sends its notifications: https, without parameters. */
  notifyUrl: string;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Called after every HTTP exchange, for metrics and logs. */
  onCall?: ((call: UpstreamCall) => void) | undefined;
  /** Called with problems an operator should look into. */
  warn?: Warn | undefined;
  /** Called with every answer before it is read. */
  onAnswer?: ObserveAnswer | undefined;
  limits?: Partial<UpstreamLimits> | undefined;
}

export interface WechatPay {
  payments: PaymentGateway;
  /** Aborts calls in flight and closes every connection. */
  close(): Promise<void>;
}

/** Limits for the bill of a busy day, at about 300 bytes a row. */
const BILL_FILE_LIMITS = {
  answerBytes: 64 * 1024 * 1024,
  headersTimeout: 20_000,
  totalTimeout: 120_000,
  connections: 1,
} as const satisfies Partial<UpstreamLimits>;

/** WeChat Pay itself (APIv3, direct merchant) as a payment gateway. */
export function createWechatPay(options: WechatPayOptions): WechatPay {
  const { url: origin, appId, mchId, serial, privateKey, apiV3Key, publicKey } = options;
  const { notifyUrl, clock, onCall, onAnswer, limits, warn = ignoreWarnings } = options;
  const transport = { platform: 'wechatpay', origin, onCall };
  const http = createUpstreamHttp({ ...transport, limits });
  const fileHttp = createUpstreamHttp({ ...transport, limits: { ...limits, ...BILL_FILE_LIMITS } });
  const merchant = { mchId, serial, privateKey };
  const account = { appId, mchId };
  const owner = { account, isOwnOrderNumber: options.isOwnOrderNumber ?? (() => true) };
  const client = createWechatPayClient({
    http,
    merchant,
    apiV3Key,
    publicKey,
    clock,
    warn,
    onAnswer,
  });
  const { keys } = client;
  const context: WechatPayContext = { client, account, merchant, notifyUrl, clock, warn };
  return {
    payments: {
      name: 'wechatpay',
      // WeChat Pay captures the payment and knows nothing of cards.
      deliversOnPayment: false,
      createPayment: (order) => createPayment(context, order),
      queryPayment: (orderNumber) => queryPayment(context, orderNumber),
      queryTransaction: (transactionId) => queryTransaction(context, transactionId),
      closePayment: (orderNumber) => closePayment(context, orderNumber),
      refund: (order) => refund(context, order),
      queryRefund: (refundNumber) => queryRefund(context, refundNumber),
      findRefund: (refundNumber) => findRefund(context, refundNumber),
      redirectAbnormalRefund: (refundNumber, target) =>
        redirectAbnormalRefund(context, refundNumber, target),
      readNotification: (notification) =>
        readNotification({ account, keys, apiV3Key, clock }, notification),
      // WeChat Pay v3, 支付通知: status 200 or 204 acknowledges, the body is optional.
      acknowledgement: { code: 'SUCCESS', message: '成功' },
      downloadBill: (day) => downloadBill({ client, http: fileHttp, owner, clock }, day),
    },
    async close() {
      await Promise.all([http.close(), fileHttp.close()]);
    },
  };
}
