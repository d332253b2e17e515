import { generateKeyPairSync } from 'node:crypto';
import { beijingDateTime } from '@shared/beijing-time';
import type { Order } from '@shared/contract';
import {
  encrypt,
  signatureHeaders,
  type Signer,
} from '../platforms/wechatpay/testing/scripted-wechat-pay';
import type { RawRequest } from './api-client';
import type { Stack } from './harness';

/**
 * Creates a key that the BFF accepts as WeChat Pay's, by its settings. So tests can sign notifications that
 * are wrong in every other way.
 */
export function createNotificationSigner() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signer: Signer = {
    serial: 'PUB_KEY_ID_0100000000000000000000000000000042',
    key: privateKey,
  };
  return {
    signer,
    env: {
      WECHATPAY_PUBLIC_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      WECHATPAY_PUBLIC_KEY_ID: signer.serial,
    },
  };
}

export const WECHATPAY_PATH = '/api/v1/notifications/wechatpay';
export const SHINGSOU_PATH = '/api/v1/notifications/shingsou';

/** The decrypted content of a payment notification (支付成功通知). */
export function paymentContent(stack: Stack, order: Order) {
  return {
    appid: stack.settings.WECHAT_APP_ID,
    mchid: stack.settings.WECHATPAY_MCH_ID,
    out_trade_no: order.number,
    transaction_id: `42000000${order.number.slice(-20)}`,
    trade_type: 'JSAPI',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    bank_type: 'OTHERS',
    success_time: `${beijingDateTime(stack.now()).replace(' ', 'T')}+08:00`,
    payer: { openid: 'oNobodyWhoIsKnownHere0000000' },
    amount: {
      total: order.amountFen,
      payer_total: order.amountFen,
      currency: 'CNY',
      payer_currency: 'CNY',
    },
  };
}

/** The body of a notification with encrypted content; fields of the body and the resource can be replaced. */
export function notificationBody(
  stack: Stack,
  content: string,
  { resource = {}, ...form }: { resource?: object; [field: string]: unknown } = {},
): string {
  const sealed = encrypt(content, 'transaction', stack.settings.WECHATPAY_API_V3_KEY);
  return JSON.stringify({
    id: '0c0f3c6a-5b1e-5f0e-9d0c-000000000001',
    create_time: `${beijingDateTime(stack.now()).replace(' ', 'T')}+08:00`,
    resource_type: 'encrypt-resource',
    event_type: 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    ...form,
    resource: { original_type: 'transaction', ...sealed, ...resource },
  });
}

/** The request of a notification, signed now. */
export function signedNotification(
  stack: Stack,
  by: Signer,
  body: string,
  headers: Record<string, string> = {},
): RawRequest & { headers: Record<string, string> } {
  return {
    method: 'POST',
    path: WECHATPAY_PATH,
    headers: {
      'content-type': 'application/json',
      ...signatureHeaders(by, body, stack.now()),
      ...headers,
    },
    body,
  };
}
