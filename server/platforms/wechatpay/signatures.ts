import type { KeyObject } from 'node:crypto';
import { Formatter, Rsa } from 'wechatpay-axios-plugin';
import type { PaymentParameters } from '@shared/contract';

/** The merchant who signs our requests, with the serial and the private key of its certificate. */
export interface Merchant {
  mchId: string;
  serial: string;
  privateKey: KeyObject;
}

export interface SignedRequest {
  method: 'GET' | 'POST';
  /** Path with query, as sent. */
  path: string;
  /** The body as sent; empty if there is none. */
  body: string;
}

/**
 * The Authorization header of a request, with a new nonce (APIv3 接口规则, 构造请求签名).
 * @param now epoch ms
 */
export function authorizationHeader(
  merchant: Merchant,
  request: SignedRequest,
  now: number,
): string {
  const timestamp = String(Math.floor(now / 1000));
  const nonce = Formatter.nonce();
  const { method, path, body } = request;
  const message = Formatter.request(method, path, timestamp, nonce, body);
  const signature = Rsa.sign(message, merchant.privateKey);
  return Formatter.authorization(merchant.mchId, nonce, signature, timestamp, merchant.serial);
}

/**
 * The parameters of `wx.requestPayment` (小程序调起支付, signType RSA).
 * @param now epoch ms
 */
export function signPaymentRequest(
  { appId, prepayId, privateKey }: { appId: string; prepayId: string; privateKey: KeyObject },
  now: number,
): PaymentParameters {
  const timeStamp = String(Math.floor(now / 1000));
  const nonceStr = Formatter.nonce();
  const prepay = `prepay_id=${prepayId}`;
  const message = Formatter.joinedByLineFeed(appId, timeStamp, nonceStr, prepay);
  const paySign = Rsa.sign(message, privateKey);
  return { timeStamp, nonceStr, package: prepay, signType: 'RSA', paySign };
}

/** WeChat Pay's signature over an answer or a notification, from its headers. */
export interface PlatformSignature {
  /** Epoch milliseconds. */
  signedAt: number;
  timestamp: string;
  nonce: string;
  serial: string;
  signature: string;
}

const SIGNATURE_TYPE = 'WECHATPAY2-SHA256-RSA2048';

const headerPatterns = {
  timestamp: /^\d{10}$/,
  nonce: /^[\x21-\x7e]{1,128}$/,
  serial: /^[0-9A-Za-z_-]{1,128}$/,
  signature: /^[\x21-\x7e]{1,1024}$/,
} as const;

/** The signature in the headers of an answer or a notification (签名验证); undefined if there is none. */
export function readSignature(
  headers: Readonly<Record<string, string | undefined>>,
): PlatformSignature | undefined {
  const field = (name: keyof typeof headerPatterns) => {
    const value = headers[`wechatpay-${name}`];
    return value !== undefined && headerPatterns[name].test(value) ? value : undefined;
  };
  const type = headers['wechatpay-signature-type'];
  if (type !== undefined && type !== SIGNATURE_TYPE) return undefined;
  const timestamp = field('timestamp');
  const nonce = field('nonce');
  const serial = field('serial');
  const signature = field('signature');
  if (timestamp === undefined || nonce === undefined) return undefined;
  if (serial === undefined || signature === undefined) return undefined;
  return { signedAt: Number(timestamp) * 1000, timestamp, nonce, serial, signature };
}

const MAX_CLOCK_SKEW_MS = 5 * 60 * 1000;

/** Whether a signature is less than five minutes old or ahead, the limit of WeChat's own libraries. */
export function isWithinClockSkew({ signedAt }: PlatformSignature, now: number): boolean {
  return Math.abs(now - signedAt) < MAX_CLOCK_SKEW_MS;
}

/** Rejects invalid UTF-8, so that different bytes never decode to the same text. */
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a body; undefined if it is not valid UTF-8. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Whether the key's owner signed these bytes. WeChat Pay sometimes sends invalid signatures on purpose
 * (`WECHATPAY/SIGNTEST/…`) to test merchants. They need no special case: they fail the check.
 */
export function isSignedBy(key: KeyObject, signature: PlatformSignature, body: Buffer): boolean {
  const text = decodeUtf8(body);
  if (text === undefined) return false;
  const message = Formatter.response(signature.timestamp, signature.nonce, text);
  return Rsa.verify(message, signature.signature, key);
}
