import { randomBytes, sign, verify, type KeyObject } from 'node:crypto';
import type { Simulator } from '../simulator';
import { payErrorReply, type PayErrorReply } from './pay-reply';

/**
 * Signatures of WeChat Pay's API v3 (接口规则, 签名生成 and 签名验证): SHA256-RSA2048 over lines that each end in
 * a line feed, in base64.
 */

const SCHEME = 'WECHATPAY2-SHA256-RSA2048';

/** A time stamp may be this far from the receiver's clock. */
const MAX_CLOCK_SKEW_MS = 5 * 60_000;

const lines = (...parts: readonly string[]) =>
  Buffer.from(parts.map((part) => `${part}\n`).join(''));

function signLines(key: KeyObject, ...parts: readonly string[]): string {
  return sign('sha256', lines(...parts), key).toString('base64');
}

function verifyLines(key: KeyObject, signature: string, ...parts: readonly string[]) {
  return verify('sha256', lines(...parts), key, Buffer.from(signature, 'base64'));
}

/**
 * The merchant's clock. Signatures contain a time stamp, and sandbox time can be moved away from real time: a
 * merchant whose clock moves with it and one whose clock does not must both be accepted.
 */
export interface SignatureClock {
  /** Whether a time stamp (epoch seconds) is fresh by either clock; that clock is used from then on. */
  isFresh(seconds: number): boolean;
  now(): number;
}

export function createSignatureClock(
  simulator: Pick<Simulator, 'now' | 'realNow'>,
): SignatureClock {
  let current: () => number = simulator.now;
  return {
    isFresh(seconds) {
      const clocks = [simulator.now, simulator.realNow];
      const agreed = clocks.find((clock) => Math.abs(clock() - seconds * 1000) < MAX_CLOCK_SKEW_MS);
      if (agreed) current = agreed;
      return agreed !== undefined;
    },
    now: () => current(),
  };
}

/** The parts of a request that its signature covers. */
export interface SignedRequest {
  method: string;
  /** Path and query as sent. */
  url: string;
  authorization: string;
  /** The body as sent; empty if there is none. */
  body: string;
}

interface Authorization {
  mchid: string;
  nonce_str: string;
  timestamp: string;
  serial_no: string;
  signature: string;
}

const AUTHORIZATION_PART = /^([a-z_]+)="([^"]*)"$/;

function readAuthorization(text: string): Authorization | undefined {
  const [scheme, ...rest] = text.split(' ');
  if (scheme !== SCHEME) return undefined;
  const parts = rest
    .join(' ')
    .split(',')
    .map((part) => AUTHORIZATION_PART.exec(part.trim()));
  const found = new Map(parts.map((part) => [part?.[1] ?? '', part?.[2] ?? '']));
  const get = (name: string) => found.get(name) ?? '';
  const authorization = {
    mchid: get('mchid'),
    nonce_str: get('nonce_str'),
    timestamp: get('timestamp'),
    serial_no: get('serial_no'),
    signature: get('signature'),
  };
  return Object.values(authorization).includes('') ? undefined : authorization;
}

const signError = (message: string, issue: string) =>
  payErrorReply('SIGN_ERROR', message, { field: 'signature', location: 'authorization', issue });

/** Checks a request's signature. @returns the error; undefined if it is valid and fresh */
export function signatureError(
  simulator: Simulator,
  clock: SignatureClock,
  request: SignedRequest,
): PayErrorReply | undefined {
  const { mchId, merchantSerial } = simulator.credentials;
  const authorization = readAuthorization(request.authorization);
  if (!authorization)
    return signError('Http头Authorization值格式错误', 'authorization format error');
  if (authorization.mchid !== mchId) return signError('商户号不存在', 'mchid not exists');
  if (authorization.serial_no !== merchantSerial) {
    return signError('商户证书序列号有误', 'serial_no not match');
  }
  if (authorization.nonce_str.length > 32) return signError('随机字符串过长', 'nonce_str too long');
  if (
    !/^\d{10}$/.test(authorization.timestamp) ||
    !clock.isFresh(Number(authorization.timestamp))
  ) {
    return signError(
      'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟',
      'timestamp expired',
    );
  }
  const { method, url, body } = request;
  const parts = [method, url, authorization.timestamp, authorization.nonce_str, body];
  const isValid = verifyLines(
    simulator.payKeys().merchantPublicKey,
    authorization.signature,
    ...parts,
  );
  return isValid ? undefined : signError('错误的签名，验签失败', 'sign not match');
}

/** The key that WeChat Pay signs with now, and its id. */
export function platformKey(simulator: Simulator): { serial: string; key: KeyObject } {
  const { publicKeyId, certificateSerial } = simulator.credentials;
  const keys = simulator.payKeys();
  return simulator.state.faults.wechatpayCertificate
    ? { serial: certificateSerial, key: keys.certificateKey }
    : { serial: publicKeyId, key: keys.platformKey };
}

/** The headers that sign a body at an instant (epoch ms). */
export function signatureHeaders(
  { serial, key }: { serial: string; key: KeyObject },
  body: string,
  at: number,
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const nonce = randomBytes(16).toString('hex');
  return {
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Signature': signLines(key, timestamp, nonce, body),
    'Wechatpay-Serial': serial,
    'Wechatpay-Signature-Type': SCHEME,
  };
}
