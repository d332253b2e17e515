import { createPrivateKey, createPublicKey, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { MissingSetting } from './setting-schemas';

/** What a merchant of WeChat Pay was given, with its keys ready for use. */
export interface Merchant {
  /** Origin of WeChat Pay. */
  url: string;
  mchId: string;
  /** Serial of the merchant's certificate, and its private key. */
  serial: string;
  privateKey: KeyObject;
  /** The 32 bytes that notifications and platform certificates are sealed with. */
  apiV3Key: KeyObject;
  /** The 微信支付公钥, where the merchant has moved on from platform certificates. */
  publicKey: { id: string; key: KeyObject } | undefined;
}

/** A PEM text as a key. Line breaks may be written `\n`, for places that keep a setting in one line. */
function rsaKey(kind: string, parse: (pem: string) => KeyObject) {
  return z.string().transform((text, context): KeyObject => {
    try {
      const key = parse(text.replaceAll('\\n', '\n'));
      if (key.asymmetricKeyType === 'rsa') return key;
    } catch {
      // What is wrong with it would say something of the key.
    }
    context.addIssue(`must be an RSA ${kind} key in PEM`);
    return z.NEVER;
  });
}

/** @throws where it is no public key; a private one, which holds a public one, is taken for a mistake too. */
function readPublicKey(pem: string): KeyObject {
  if (pem.includes('PRIVATE KEY')) throw new TypeError('a private key');
  return createPublicKey(pem);
}

const API_V3_KEY_BYTES = 32;
const apiV3Key = z
  .string()
  .refine((text) => Buffer.byteLength(text) === API_V3_KEY_BYTES, 'must have exactly 32 bytes')
  .transform((text) => createSecretKey(text, 'utf8'));

/** The settings of a merchant, each by itself; `missingMerchantSettings` says which must be there. */
export const merchantShape = {
  WECHATPAY_MCH_ID: z
    .string()
    .regex(/^\d{8,10}$/, 'must be a merchant id (8 to 10 digits)')
    .optional(),
  WECHATPAY_SERIAL: z
    .string()
    .regex(/^[0-9A-Fa-f]{8,64}$/, 'must be the serial of the merchant certificate, in hexadecimal')
    .optional(),
  WECHATPAY_PRIVATE_KEY: rsaKey('private', createPrivateKey).optional(),
  WECHATPAY_API_V3_KEY: apiV3Key.optional(),
  WECHATPAY_PUBLIC_KEY: rsaKey('public', readPublicKey).optional(),
  WECHATPAY_PUBLIC_KEY_ID: z
    .string()
    .regex(/^PUB_KEY_ID_[0-9A-Za-z]{1,64}$/, 'must be the id of the public key (PUB_KEY_ID_…)')
    .optional(),
};

const requiredSettings = [
  'WECHATPAY_MCH_ID',
  'WECHATPAY_SERIAL',
  'WECHATPAY_PRIVATE_KEY',
  'WECHATPAY_API_V3_KEY',
] as const;
const publicKeySettings = ['WECHATPAY_PUBLIC_KEY', 'WECHATPAY_PUBLIC_KEY_ID'] as const;

/**
 * What a merchant lacks. Its settings are wanted whole even where payments go another way now: the orders
 * of before are still settled with them.
 */
export function missingMerchantSettings(
  values: Readonly<Record<string, string | undefined>>,
): MissingSetting[] {
  const isSet = (name: string) => values[name] !== undefined;
  const missingOf = (names: readonly string[], why: string) =>
    names.filter((name) => !isSet(name)).map((name) => ({ name, why }));
  const missing: MissingSetting[] = [];
  if (values.PAYMENT === 'wechatpay') {
    missing.push(...missingOf(requiredSettings, 'PAYMENT=wechatpay needs it'));
  } else if (isSet('WECHATPAY_MCH_ID')) {
    missing.push(...missingOf(requiredSettings, 'it belongs to WECHATPAY_MCH_ID'));
  }
  if (publicKeySettings.some(isSet)) {
    missing.push(...missingOf(publicKeySettings, 'a public key and its id go together'));
  }
  return missing;
}

type MerchantValues = z.output<z.ZodObject<typeof merchantShape>> & { WECHATPAY_URL: string };

/** The merchant of the settings; undefined where there is none, or not the whole of it. */
export function readMerchant(values: MerchantValues): Merchant | undefined {
  const { WECHATPAY_MCH_ID: mchId, WECHATPAY_SERIAL: serial } = values;
  const { WECHATPAY_PRIVATE_KEY: privateKey, WECHATPAY_API_V3_KEY: key } = values;
  if (mchId === undefined || serial === undefined) return undefined;
  if (privateKey === undefined || key === undefined) return undefined;
  const publicKey = readPublicKeyPair(values);
  return { url: values.WECHATPAY_URL, mchId, serial, privateKey, apiV3Key: key, publicKey };
}

function readPublicKeyPair({
  WECHATPAY_PUBLIC_KEY: key,
  WECHATPAY_PUBLIC_KEY_ID: id,
}: MerchantValues): Merchant['publicKey'] {
  return key === undefined || id === undefined ? undefined : { id, key };
}
