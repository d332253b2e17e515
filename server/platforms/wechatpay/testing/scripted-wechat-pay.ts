import { createCipheriv, createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { makeCertificate } from '../../../sandbox/wechatpay/certificate';
import { startTestServer } from '../../testing/http-server';
import type { ReceivedRequest, TestServer } from '../../testing/http-server';
import type { UpstreamCall } from '../../upstream-http';
import { createWechatPay } from '../index';
import type { WechatPay } from '../index';

/**
 * A WeChat Pay server whose responses a test scripts. It signs and encrypts with node:crypto only, so that the
 * adapter's cryptography is checked against an independent implementation.
 */

export const APP_ID = 'wx0123456789abcdef';
export const MCH_ID = '1900000001';
const MERCHANT_SERIAL = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1';
export const API_V3_KEY = 'a key of exactly thirty-two byte';
export const PUBLIC_KEY_ID = 'PUB_KEY_ID_0119000000012024092200000000000001';
export const NOTIFY_URL = 'https://shop.example/notify';
export const NOW = Date.UTC(2026, 2, 1, 4);

const DAY_MS = 24 * 60 * 60 * 1000;
const generateKeys = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const merchantKeys = generateKeys();

/** A serial number or public key id, and the private key that signs under it. */
export interface Signer {
  serial: string;
  key: KeyObject;
}

const publicKeys = generateKeys();
export const publicKeySigner: Signer = { serial: PUBLIC_KEY_ID, key: publicKeys.privateKey };
/** Signs with a foreign key under the id of the real public key. */
export const impostor: Signer = { serial: PUBLIC_KEY_ID, key: generateKeys().privateKey };

export interface TestCertificate extends Signer {
  pem: string;
}

/** Creates a platform certificate that is valid for `days` days, starting one day before `from`. */
export function newCertificate(serial: string, from = NOW, days = 365): TestCertificate {
  const { publicKey, privateKey } = generateKeys();
  const start = from - DAY_MS;
  const until = start + days * DAY_MS;
  const request = { commonName: 'test', serial, from: start, until, privateKey, publicKey };
  return { serial, key: privateKey, pem: makeCertificate(request) };
}

function signText(key: KeyObject, ...lines: readonly string[]): string {
  const text = lines.map((line) => `${line}\n`).join('');
  return sign('sha256', Buffer.from(text), key).toString('base64');
}

/** The signature headers WeChat Pay sends with a body. */
export function signatureHeaders(by: Signer, body: string, at = NOW): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const nonce = randomBytes(16).toString('hex');
  return {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': by.serial,
    'wechatpay-signature': signText(by.key, timestamp, nonce, body),
    'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
  };
}

/** Encrypts a text with AEAD_AES_256_GCM; the default key is the API v3 key. */
export function encrypt(text: string, associatedData: string, key = API_V3_KEY) {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(associatedData));
  const parts = [cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
  const ciphertext = Buffer.concat(parts).toString('base64');
  return {
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext,
    nonce,
    associated_data: associatedData,
  };
}

export function certificateList(...certificates: TestCertificate[]): string {
  const data = certificates.map(({ serial, pem }) => ({
    serial_no: serial,
    effective_time: '2026-02-28T12:00:00+08:00',
    expire_time: '2027-02-28T12:00:00+08:00',
    encrypt_certificate: encrypt(pem, 'certificate'),
  }));
  return JSON.stringify({ data });
}

export type Handler = (request: ReceivedRequest, response: ServerResponse) => void;

export interface ScriptedWechatPay extends TestServer {
  pay: WechatPay;
  /** By method and path; other requests get 404 RESOURCE_NOT_EXISTS. */
  handlers: Record<string, Handler>;
  /** Signs the responses. */
  signer: Signer;
  /** The adapter's clock and the timestamp of the responses, in epoch ms. */
  now: number;
  calls: UpstreamCall[];
  warnings: { message: string; details: Readonly<Record<string, unknown>> }[];
  timesCalled(path: string): number;
  /** Responds with this status and body, signed by the current `signer` at the current `now`. */
  respond(status: number, body: unknown): Handler;
  respondError(status: number, code: string): Handler;
}

const AUTHORIZATION =
  /^WECHATPAY2-SHA256-RSA2048 mchid="(\d+)",serial_no="(\w+)",timestamp="(\d{10})",nonce_str="(\w{1,32})",signature="([^"]+)"$/;

/** Whether the received bytes carry a valid signature of the merchant. */
function isSignedByMerchant({ method, path, query, headers, body }: ReceivedRequest): boolean {
  const match = AUTHORIZATION.exec(headers.authorization ?? '');
  const [, mchId = '', serial = '', timestamp = '', nonce = '', signature = ''] = match ?? [];
  const target = query.size === 0 ? path : `${path}?${query.toString()}`;
  const text = [method, target, timestamp, nonce, body].map((line) => `${line}\n`).join('');
  const bytes = Buffer.from(signature, 'base64');
  const genuine = verify('sha256', Buffer.from(text), merchantKeys.publicKey, bytes);
  return genuine && mchId === MCH_ID && serial === MERCHANT_SERIAL;
}

/** WeChat Pay does not sign its answer to a request whose signature it refuses. */
const respondSignError: Handler = (_request, response) => {
  response.writeHead(401, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ code: 'SIGN_ERROR', message: '说明' }));
};

/** Whether the signature of a payment sheet is the merchant's. */
export function isMerchantSignature(signature: string, ...lines: readonly string[]): boolean {
  const text = lines.map((line) => `${line}\n`).join('');
  const bytes = Buffer.from(signature, 'base64');
  return verify('sha256', Buffer.from(text), merchantKeys.publicKey, bytes);
}

/**
 * Starts the server and connects the adapter to it. Without `publicKey` the adapter verifies with platform
 * certificates only.
 */
export async function startScriptedWechatPay({
  publicKey = true,
} = {}): Promise<ScriptedWechatPay> {
  const handlers: Record<string, Handler> = {};
  const calls: UpstreamCall[] = [];
  const warnings: ScriptedWechatPay['warnings'] = [];

  const server = await startTestServer((request, response) => {
    const handler = handlers[`${request.method} ${request.path}`];
    if (!isSignedByMerchant(request)) respondSignError(request, response);
    else (handler ?? scripted.respondError(404, 'RESOURCE_NOT_EXISTS'))(request, response);
  });

  const pay = createWechatPay({
    isOwnOrderNumber: (orderNumber) => orderNumber.startsWith('LK'),
    url: server.url,
    appId: APP_ID,
    mchId: MCH_ID,
    serial: MERCHANT_SERIAL,
    privateKey: merchantKeys.privateKey,
    apiV3Key: createSecretKey(API_V3_KEY, 'utf8'),
    publicKey: publicKey ? { id: PUBLIC_KEY_ID, key: publicKeys.publicKey } : undefined,
    notifyUrl: NOTIFY_URL,
    clock: () => scripted.now,
    onCall: (call) => calls.push(call),
    warn: (message, details) => warnings.push({ message, details }),
    limits: { retryPause: 2, breakAfter: 100_000 },
  });

  const scripted: ScriptedWechatPay = {
    ...server,
    pay,
    handlers,
    signer: publicKeySigner,
    now: NOW,
    calls,
    warnings,
    timesCalled: (path) => server.requests.filter((request) => request.path === path).length,
    respond: (status, body) => (_request, response) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(status, {
        'content-type': 'application/json',
        ...signatureHeaders(scripted.signer, text, scripted.now),
      });
      response.end(text);
    },
    respondError: (status, code) => scripted.respond(status, { code, message: '说明' }),
    async close() {
      await pay.close();
      await server.close();
    },
  };
  return scripted;
}

/** Drops the connection before the response, so the outcome of the call is unknown. */
export const dropConnection: Handler = (_request, response) => {
  response.destroy();
};
