import type { KeyObject } from 'node:crypto';
import { Formatter, Rsa } from 'wechatpay-axios-plugin';
import type { PaymentParameters } from '@shared/contract';

/** Who signs our requests: the merchant, its certificate's serial, and that certificate's private key. */
export interface Merchant {
  mchId: string;
  serial: string;
  privateKey: KeyObject;
}

export interface SignedRequest {
  method: 'GET' | 'POST';
  /** Path with query, as sent. */
  path: string;
  /** The body as sent; empty where there is none. */
  body: string;
}

/**
 * The Authorization header of a request (APIv3 接口规则, 构造请求签名). `now` is epoch ms; the nonce is drawn
 * anew each time.
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

/** What `wx.requestPayment` takes (小程序调起支付, signType RSA). `now` is epoch ms. */
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

/** WeChat Pay's signature over an answer or a notification, out of its headers. */
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

/** The signature in an answer's or notification's headers (签名验证); undefined where there is none. */
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

/** Less than five minutes from now, before or after, as WeChat's own libraries take it. */
export function isWithinClockSkew({ signedAt }: PlatformSignature, now: number): boolean {
  return Math.abs(now - signedAt) < MAX_CLOCK_SKEW_MS;
}

/** UTF-8 that is no UTF-8 is not read at all, so what is read stands for exactly these bytes. */
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a body, byte for byte; undefined where it is none. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Whether the key's owner signed these very bytes. WeChat sends wrong signatures on purpose
 * (`WECHATPAY/SIGNTEST/…`), to see that they are refused: they are wrong like any other.
 */
export function isSignedBy(key: KeyObject, signature: PlatformSignature, body: Buffer): boolean {
  const text = decodeUtf8(body);
  if (text === undefined) return false;
  const message = Formatter.response(signature.timestamp, signature.nonce, text);
  return Rsa.verify(message, signature.signature, key);
}
